"""Whether a model file and the manifest beside it say the same of the model."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from hccr_desktop.core.bundle import AnyBundle, metadata_for_onnx
from hccr_desktop.errors import InvalidBundle

if TYPE_CHECKING:
    import onnxruntime


def require_agreement(bundle: AnyBundle, session: onnxruntime.InferenceSession) -> None:
    """Raise `InvalidBundle` where the ONNX file's own metadata contradicts the manifest."""
    found = session.get_modelmeta().custom_metadata_map
    expected = metadata_for_onnx(bundle.charset, bundle.spec)
    if found.get("hccr.format") != expected["hccr.format"]:
        raise InvalidBundle(
            "The model file of {id} is not one of this application.", "Export it with the trainer.", id=bundle.id
        )
    try:
        # What a file was made too early to say is as it then was.
        same_input = type(bundle.spec)(**json.loads(found.get("hccr.input", ""))) == bundle.spec
    except (TypeError, ValueError, RecursionError):
        same_input = False
    if found.get("hccr.characters") != expected["hccr.characters"] or not same_input:
        raise InvalidBundle(
            "The manifest and the model file of {id} contradict each other.", "Install the model again.", id=bundle.id
        )
