"""Which of scikit-learn's estimator checks `MienTransformer` does not meet, and why.

Every check passes a table of numbers. Speech takes it, as one recording a row, and meets them all. Texts and pictures
are no tables of numbers: those are refused, which some checks ask for and others do not expect.
"""

from __future__ import annotations

__all__ = ["unmet_checks"]

TABLE = "it passes a table of numbers; texts and pictures come one an item, and such a table is refused"
WORDS = "it passes a table of numbers, which is refused before its {} is looked at, in other words than it asks for"

SUCCESS_ASKED = (
    "check_fit_score_takes_y",
    "check_estimators_overwrite_params",
    "check_dont_overwrite_parameters",
    "check_estimators_fit_returns_self",
    "check_readonly_memmap_input",
    "check_n_features_in_after_fitting",
    "check_positive_only_tag_during_fit",
    "check_estimators_dtypes",
    "check_dtype_object",
    "check_pipeline_consistency",
    "check_estimators_pickle",
    "check_f_contiguous_array_estimator",
    "check_transformer_data_not_an_array",
    "check_transformer_general",
    "check_transformers_unfitted_stateless",
    "check_methods_sample_order_invariance",
    "check_methods_subset_invariance",
    "check_dict_unchanged",
    "check_fit_idempotent",
    "check_fit_check_is_fitted",
    "check_n_features_in",
    "check_fit2d_predict1d",
)
OTHER_WORDS = {
    "check_complex_data": "type",
    "check_estimators_empty_data_messages": "size",
    "check_fit2d_1sample": "number of rows",
    "check_fit2d_1feature": "number of columns",
}


def unmet_checks(modality: str) -> dict[str, str]:
    """Return the name of each check that the transformer of this modality does not meet, with the reason.

    It fits the argument ``expected_failed_checks`` of ``sklearn.utils.estimator_checks.check_estimator``.

    Example:
        >>> unmet_checks("speech")
        {}
    """
    if modality == "speech":
        return {}
    worded = {name: WORDS.format(part) for name, part in OTHER_WORDS.items()}
    return {**dict.fromkeys(SUCCESS_ASKED, TABLE), **worded}
