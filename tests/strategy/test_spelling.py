"""Words written out for single-character wildcards: real spellings where they are known, else every letter."""

import pytest

from livingsearch.strategy.spelling import MOST_FORMS, spelled
from livingsearch.strategy.tree import ANY_ENDING, Wild, Word

WILDS = {"?": Wild(0, 1), "#": Wild(1, 1), "*": ANY_ENDING, "$": Wild(0, 3)}


def word(text: str) -> Word:
    """`behavio?r*` as a word; `##` is one wildcard for two characters."""
    parts: list[str | Wild] = []
    for c in text:
        if c in WILDS:
            doubled = c == "#" and parts and parts[-1] == Wild(1, 1)
            parts[-1 if doubled else len(parts) :] = [Wild(2, 2) if doubled else WILDS[c]]
        elif parts and isinstance(parts[-1], str):
            parts[-1] += c
        else:
            parts.append(c)
    return Word(tuple(parts))


def forms(text: str) -> list[str]:
    found = spelled(word(text))
    assert found is not None
    return [form.text + "*" * form.truncated for form in found.forms]


@pytest.mark.parametrize(
    ("wild", "expected"),
    [
        ("behavio?r", "behavior behaviour"),
        ("behavio?ral", "behavioral behavioural"),
        ("colo?r", "color colour"),
        ("tumo?r", "tumor tumour"),
        ("tumo?r*", "tumor* tumour*"),
        ("neighbo?r?", "neighbor neighbors neighbour neighbours"),
        ("p?ediatric", "pediatric paediatric"),
        ("p?ediatric*", "pediatric* paediatric*"),
        ("orthop?edic", "orthopedic orthopaedic"),
        ("encyclop?edia", "encyclopedia encyclopaedia"),
        ("an?emi*", "anemi* anaemi*"),
        ("an?emia", "anemia anaemia"),
        ("h?emo*", "hemo* haemo*"),
        ("h?emorrhage", "hemorrhage haemorrhage"),
        ("leuk?emia", "leukemia leukaemia"),
        ("isch?emic", "ischemic ischaemic"),
        ("hypoglyc?emia", "hypoglycemia hypoglycaemia"),
        ("an?esthesia", "anesthesia anaesthesia"),
        ("?esthetic", "esthetic aesthetic"),
        ("?etiology", "etiology aetiology"),
        ("gyn?ecolog*", "gynecolog* gynaecolog*"),
        ("f?ecal", "fecal faecal"),
        ("c?esarean", "cesarean caesarean"),
        ("c?ecum", "cecum caecum"),
        ("f?etus", "fetus foetus"),
        ("f?etal", "fetal foetal"),
        ("?edema", "edema oedema"),
        ("?estrogen", "estrogen oestrogen"),
        ("?esophag*", "esophag* oesophag*"),
        ("diarrh?ea", "diarrhea diarrhoea"),
        ("gonorrh?ea", "gonorrhea gonorrhoea"),
        ("apn?ea", "apnea apnoea"),
        ("c?eliac", "celiac coeliac"),
        ("man?euver*", "maneuver* manoeuver*"),
        ("hom?eopath*", "homeopath* homoeopath*"),
        ("randomi#ed", "randomised randomized"),
        ("randomi#*", "randomis* randomiz*"),
        ("organi#ation", "organisation organization"),
        ("hospitali#ing", "hospitalising hospitalizing"),
        ("analy#e", "analyse analyze"),
        ("analy#is", "analysis"),
        ("wom#n", "woman women"),
        ("m#n", "man men"),
        ("hum#n", "human"),
        ("gr#y", "gray grey"),
        ("practi#e", "practice practise"),
        ("licen#e", "licence license"),
        ("defen#e", "defence defense"),
        ("leu#ocyte", "leucocyte leukocyte"),
        ("label?ed", "labeled labelled"),
        ("counsel?ing", "counseling counselling"),
        ("counsel?or*", "counselor* counsellor*"),
        ("model?ing", "modeling modelling"),
        ("travel?er", "traveler traveller"),
        ("enrol?ment", "enrolment enrollment"),
        ("fulfil?ment", "fulfilment fulfillment"),
        ("benefit?ed", "benefited benefitted"),
        ("focus?ed", "focused focussed"),
        ("ag?ing", "aging ageing"),
        ("judg?ment", "judgment judgement"),
        ("program?e", "programme"),
        ("program?es", "programmes"),
        ("cent?re", "centre"),
        ("cent##", "center centre"),
        ("lit##s", "liters litres"),
        ("patient?", "patient patients"),
        ("patient#", "patients"),
        ("hospital?", "hospital hospitals"),
    ],
)
def test_forms_are_real_words(wild: str, expected: str) -> None:
    found = spelled(word(wild))
    assert found is not None
    assert [form.text + "*" * form.truncated for form in found.forms] == expected.split()
    assert not found.complete


@pytest.mark.parametrize(("wild", "number"), [("xq?vw", 27), ("xq#vw", 26), ("xq#vw*", 26)])
def test_unknown_neighbours_take_every_letter(wild: str, number: int) -> None:
    found = spelled(word(wild))
    assert found is not None
    assert found.complete
    assert len(found.forms) == len(set(found.forms)) == number <= MOST_FORMS


@pytest.mark.parametrize("wild", ["xq##vw", "nurs$", "xq?v?w", "h*moglobin"])
def test_what_cannot_be_written_out(wild: str) -> None:
    assert spelled(word(wild)) is None


def test_a_word_without_wildcards_is_its_only_form() -> None:
    assert forms("asthma") == ["asthma"]
    assert forms("asthma*") == ["asthma*"]
