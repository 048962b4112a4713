"""The habits of neighbours: what users of other libraries expect to call.

``MienTransformer`` is in `mien.adapters.transformer`, which needs scikit-learn.
"""

from mien.adapters.naming import known_names
from mien.adapters.pipelines import Entry, Pipeline, pipeline

__all__ = ["Entry", "Pipeline", "known_names", "pipeline"]
