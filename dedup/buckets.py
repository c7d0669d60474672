"""The work on keys spread over a crew: all rows of a key go to one hand, so that buckets come to what all come to."""

import pyarrow as pa

from dedup.crew import Crew, Parcel
from dedup.scratch import Scratch
from dedup.sharing import Shared, sharing


def share_keys(crew: Crew, number: int, keys: pa.Table, members: pa.Table, cap: int) -> Shared:
    """What `sharing` says, bucket by bucket.

    Args:
        crew: who does them.
        number: parts into which the keys are divided: the more, the less memory each takes.
        keys: as `sharing` takes them.
        members: the same.
        cap: the same.
    """
    # The lowest bit of a key says what kind it is.
    bucket = (keys.column("key").to_numpy() >> 1) % number
    given = ((Parcel(keys.filter(pa.array(bucket == place))), Parcel(members), cap) for place in range(number))
    parts = list(crew.each(_shared, given))
    pairs, crowded = ([part.table for part in some] for some in zip(*parts, strict=True))
    return Shared(pa.concat_tables(pairs), pa.concat_tables(crowded))


def _shared(space: Scratch, keys: Parcel, members: Parcel, cap: int) -> tuple[Parcel, Parcel]:
    found = sharing(keys.table, members.table, cap)
    return Parcel(found.pairs), Parcel(found.crowded)
