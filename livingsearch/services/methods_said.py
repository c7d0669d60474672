"""What a methods section takes from review.toml alone."""

from livingsearch.exports.prisma_s_words import listed
from livingsearch.review import Review


def living(review: Review) -> str:
    """That and how the search is kept alive."""
    told = [f"The search is kept alive: each source is searched again on its schedule ({_schedules(review)})."]
    if review.retirement_plan:
        told.append(review.retirement_plan)
    if review.registration:
        told.append(f"Registration: {review.registration}.")
    return " ".join(told)


def _schedules(review: Review) -> str:
    scheduled: dict[str, list[str]] = {}
    for source in review.sources:
        scheduled.setdefault(source.schedule or "on demand", []).append(source.label)
    return "; ".join(f"{when}: {listed(labels)}" for when, labels in scheduled.items())


def missing(review: Review) -> tuple[str, ...]:
    """Fields that only a person can fill and nobody has, each with what it is for."""
    said_of = review.search.reporting
    asked = {
        "search.peer_review: who read the strategy before it ran": review.search.peer_review,
        "search.reporting.citation_searching: references and citing articles looked at": said_of.citation_searching,
        "search.reporting.contacts: who was asked for further studies": said_of.contacts,
        "search.reporting.filters: published search filters used": said_of.filters,
        "search.reporting.prior_work: strategies of other reviews that were adapted": said_of.prior_work,
        "review.registration: where the protocol is registered": review.registration,
        "review.retirement_plan: when the review will stop being updated": review.retirement_plan,
    }
    return tuple(name for name, said in asked.items() if not said)
