"""The work on keys spread over a crew: all rows of a key go to one hand, so that buckets come to what all come to."""

import numpy as np
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
    parts = (((key.to_numpy() >> 1) % number).astype(np.uint16) for key in keys.column("key").chunks)
    buckets = np.concatenate([np.empty(0, np.uint16), *parts])
    given = ((Parcel(keys, np.flatnonzero(buckets == bucket)), Parcel(members), cap) for bucket in range(number))
    found = list(crew.each(_shared, given))
    return Shared(np.concatenate([part.pairs for part in found]), pa.concat_tables([part.crowded for part in found]))


def _shared(space: Scratch, keys: Parcel, members: Parcel, cap: int) -> Shared:
    return sharing(keys.table, members.table, cap)
