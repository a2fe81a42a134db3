"""Checkpoint → bundle: ONNX in int8, checked against torch, with a card.

Batch norm is folded into the convolutions. The float ONNX file has to answer as torch does; then
it is quantized, and what that costs in accuracy is measured and stands in the card.
"""

from __future__ import annotations

import copy
import functools
import tempfile
import warnings
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import onnx
import onnxruntime
import torch
from onnx import helper
from torch import nn
from torch.nn.utils.fusion import fuse_conv_bn_eval, fuse_linear_bn_eval

from hccr_desktop import paths
from hccr_desktop.core.bundle import Bundle, ModelBundle, S, Spec, load_bundle, metadata_for_onnx, write_bundle
from hccr_desktop.core.canary import SIZE, Canary
from hccr_desktop.core.charset import Charset
from hccr_desktop.core.normalize import InputSpec, normalize
from hccr_desktop.core.protocol import Metric
from hccr_desktop.core.sample import Sample
from hccr_desktop.errors import InputError
from hccr_desktop.recognize.engine import Engine, softmax
from trainer.aside import folder_aside, require_new_bundle
from trainer.card import Examined, Provenance, picture_of, write_card
from trainer.compress.quantize import quantize
from trainer.config import FitConfig, SourceConfig, config_to_dict
from trainer.data.bank import examination, load_bank
from trainer.data.prepare import TestSet, class_offsets, readable, sample_set
from trainer.evaluate import measure, torch_logits, worst_mistakes
from trainer.networks.blocks import CompactBlock, ParsimoniousConv
from trainer.networks.eca_resnet import BasicBlock, Bottleneck, EcaResNet, EfficientChannelAttention
from trainer.reporter import Reporter, silent
from trainer.unfold import unfold

MAX_DIFFERENCE = 1e-4
"""Largest difference of a probability between torch and onnxruntime that is let pass."""

_CALIBRATION = 1024
"""Samples whose activations set the ranges of int8."""


class Exported(nn.Module):
    """What is exported: uint8 images → calibrated logits (logits divided by the temperature).

    With `merged` batch norms are folded into the convolutions before them.
    """

    def __init__(self, network: EcaResNet, temperature: float, *, merged: bool = True) -> None:
        super().__init__()
        self.network = compact(network) if merged else copy.deepcopy(network).cpu().float().eval()
        with torch.no_grad():
            self.network.classify.weight.div_(temperature)
            self.network.classify.bias.div_(temperature)

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        """(n, 1, s, s) uint8 → (n, classes)."""
        logits: torch.Tensor = self.network(images)
        return logits


def compact(network: EcaResNet) -> EcaResNet:
    """Return a copy with batch norm folded in."""
    network = copy.deepcopy(network).cpu().float().eval()
    _fold_sequential(network.stem)
    for block in network.stages:
        if isinstance(block, CompactBlock):
            _fold_compact(block)
            continue
        assert isinstance(block, BasicBlock | Bottleneck)
        for number in (1, 2) if isinstance(block, BasicBlock) else (1, 2, 3):
            fused = fuse_conv_bn_eval(block.get_submodule(f"conv{number}"), block.get_submodule(f"bn{number}"))  # type: ignore[type-var, arg-type]
            setattr(block, f"conv{number}", fused)
            setattr(block, f"bn{number}", nn.Identity())
        if isinstance(block.shortcut, nn.Sequential):
            _fold_sequential(block.shortcut)
        if isinstance(block.eca, EfficientChannelAttention):
            outputs = (block.conv2 if isinstance(block, BasicBlock) else block.conv3).out_channels
            block.eca = _PointwiseAttention(block.eca, outputs)
    if isinstance(network.embed, nn.Sequential):
        linear, norm = network.embed
        assert isinstance(linear, nn.Linear)
        assert isinstance(norm, nn.BatchNorm1d)
        network.embed = fuse_linear_bn_eval(linear, norm)
    return network


def _fold_compact(block: CompactBlock) -> None:
    assert isinstance(block.body, nn.Sequential)
    _fold_sequential(block.body)
    for part in block.body:
        if isinstance(part, ParsimoniousConv):
            _fold_sequential(part.a)
            part.fold()
    if isinstance(block.shortcut, nn.Sequential):
        _fold_sequential(block.shortcut)
    if isinstance(block.eca, EfficientChannelAttention):
        block.eca = _PointwiseAttention(block.eca, block.outputs)


class _PointwiseAttention(nn.Module):
    """ECA with its 1-D convolution written as a banded 1×1 convolution.

    The same function; onnxruntime then keeps its blocked layout from the pool to the product.
    """

    def __init__(self, attention: EfficientChannelAttention, channels: int) -> None:
        super().__init__()
        kernel = attention.conv.weight.detach().reshape(-1)
        band = torch.zeros(channels, channels)
        for offset, weight in enumerate(kernel, start=-(len(kernel) // 2)):
            band += weight * torch.diag(torch.ones(channels - abs(offset)), offset)
        self.band = nn.Parameter(band[:, :, None, None], requires_grad=False)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        means = nn.functional.adaptive_avg_pool2d(x, 1)
        return x * nn.functional.conv2d(means, self.band).sigmoid()


def _fold_sequential(layers: nn.Sequential) -> None:
    """Fold each convolution's batch norm within a sequence, in place."""
    for i in range(len(layers) - 1):
        convolution, norm = layers[i], layers[i + 1]
        if isinstance(convolution, nn.Conv2d) and isinstance(norm, nn.BatchNorm2d):
            layers[i] = fuse_conv_bn_eval(convolution, norm)
            layers[i + 1] = nn.Identity()


def shifted(network: EcaResNet, offsets: npt.NDArray[np.float32]) -> EcaResNet:
    """Return a copy whose logits are larger by `offsets`, float32 (classes,)."""
    network = copy.deepcopy(network)
    with torch.no_grad():
        network.classify.bias.add_(torch.from_numpy(offsets).to(network.classify.bias))
    return network


def fit_temperature(logits: npt.NDArray[np.float32], labels: npt.NDArray[np.int64]) -> float:
    """Return the temperature of least negative log likelihood (Guo et al., ICML 2017), 0.3 to 3."""
    if not len(labels):
        return 1.0
    scores = torch.from_numpy(logits[labels >= 0])
    targets = torch.from_numpy(labels[labels >= 0])
    grid = np.exp(np.linspace(np.log(0.3), np.log(3.0), 93))
    losses = [float(nn.functional.cross_entropy(scores / t, targets)) for t in grid]
    return float(grid[int(np.argmin(losses))])


def to_onnx(model: Exported, spec: InputSpec) -> onnx.ModelProto:
    """Return the network in ONNX, as floats."""
    images = torch.full((2, 1, spec.size, spec.size), 255, dtype=torch.uint8)
    proto = in_onnx(model, images, "images", {0: torch.export.Dim("n", min=1, max=4096)})
    _pool_globally(proto.graph)
    used = {name for node in proto.graph.node for name in node.input}
    kept = [initializer for initializer in proto.graph.initializer if initializer.name in used]
    del proto.graph.initializer[:]
    proto.graph.initializer.extend(kept)
    onnx.checker.check_model(proto)
    return proto


def in_onnx(network: nn.Module, example: torch.Tensor, name: str, dynamic: dict[int, Any]) -> onnx.ModelProto:
    """Return a network with one input, `name`, whose axes in `dynamic` may have any length, and the output "logits"."""
    with warnings.catch_warnings(), tempfile.TemporaryDirectory() as folder:
        warnings.simplefilter("ignore")
        program = torch.onnx.export(
            network.eval(),
            (example,),
            dynamo=True,
            verbose=False,
            dynamic_shapes=(dynamic,),
            input_names=[name],
            output_names=["logits"],
            external_data=False,
        )
        path = Path(folder) / "model.onnx"
        assert program is not None
        program.save(str(path), external_data=False)
        proto = onnx.load(str(path))
    # The exporter notes the names of source files with everything in a graph.
    graph = proto.graph
    for part in (graph, *graph.node, *graph.value_info, *graph.input, *graph.output, *graph.initializer):
        del part.metadata_props[:]
        part.doc_string = ""
    return proto


def write_floats(
    target: Path,
    proto: onnx.ModelProto,
    *,
    title: str,
    charset: Charset,
    spec: S,
    asked: npt.NDArray[np.uint8],
    card: str,
    scores: dict[str, float],
    created: str = "",
) -> Bundle[S]:
    """Write a network in floats as a bundle, aside and renamed; what it answers to `asked` (n, 1, h, w) is its canary.

    Raises `InputError` where `target` exists, `StorageError` where it cannot be written.
    """
    require_new_bundle(target)
    packed = finish(proto, charset, spec)
    session = onnxruntime.InferenceSession(packed, providers=["CPUExecutionProvider"])
    (given,) = session.get_inputs()
    single = given.shape[0] == 1
    parts = [asked[i : i + 1] for i in range(len(asked))] if single else [asked]
    answers = np.concatenate([np.asarray(session.run(None, {given.name: part})[0]) for part in parts])
    with folder_aside(target) as folder:
        write_bundle(
            folder,
            bundle_id=target.name,
            title=title,
            charset=charset,
            spec=spec,
            model=packed,
            card=card,
            created=created,
            canary=Canary.of(asked, answers),
            scores=scores,
            has_int8=False,
        )
    return load_bundle(target, type(spec))


def finish(proto: onnx.ModelProto, charset: Charset, spec: Spec) -> bytes:
    """Return the ONNX file, with the table and the input specification in its metadata."""
    del proto.metadata_props[:]
    helper.set_model_props(proto, metadata_for_onnx(charset, spec))
    return bytes(proto.SerializeToString())


def _pool_globally(graph: onnx.GraphProto) -> None:
    """Write means over height and width as GlobalAveragePool, which onnxruntime computes in its blocked layout."""
    for node in graph.node:
        if node.op_type == "ReduceMean" and any(a.name == "keepdims" and a.i == 1 for a in node.attribute):
            replacement = helper.make_node("GlobalAveragePool", node.input[:1], node.output, node.name)
            node.CopyFrom(replacement)


def _stated(config: FitConfig) -> dict[str, Any]:
    """Return the configuration for the manifest, without the folders of this machine."""
    local = {"data", "fonts", "characters", "teachers", "lessons", "history", "limits", "sources"}
    return {key: value for key, value in config_to_dict(config).items() if key not in local}


@dataclass(frozen=True)
class Parity:
    """Largest difference of any probability, over `n` images."""

    largest: float
    n: int


def check_parity(model: Exported, onnx_bytes: bytes, images: npt.NDArray[np.uint8]) -> Parity:
    """Compare probabilities of torch and onnxruntime; raises `InputError` above `MAX_DIFFERENCE`."""
    session = onnxruntime.InferenceSession(onnx_bytes, providers=["CPUExecutionProvider"])
    largest = 0.0
    for i in range(0, len(images), 64):
        part = images[i : i + 64]
        with torch.no_grad():
            ours = softmax(model(torch.from_numpy(part)).numpy())
        theirs = softmax(np.asarray(session.run(None, {session.get_inputs()[0].name: part})[0]))
        largest = float(np.maximum(largest, np.abs(ours - theirs).max()))  # which passes on what is no number
    if not largest <= MAX_DIFFERENCE:
        raise InputError(
            "The exported model differs from torch by {difference} in a probability.",
            "Report it, with the versions of torch and onnxruntime.",
            difference=f"{largest:.2g}",
        )
    return Parity(largest, len(images))


def export_run(
    network: EcaResNet,
    charset: Charset,
    config: FitConfig,
    tests: Sequence[TestSet],
    target: Path,
    made: Provenance,
    *,
    temperature: float = 0.0,
    int8: bool = True,
    calibration: npt.NDArray[np.uint8] | None = None,
    pictured: Sequence[TestSet] | None = None,
    report: Reporter = silent,
) -> ModelBundle:
    """Calibrate, export, compare with torch, measure the exported model and write bundle and card.

    `temperature` 0 is fitted on the test samples. int8 is calibrated on the images (n, 1, s, s) of `calibration`, where
    there are none on test samples; mistakes are shown of those in `pictured`, or of all. Without `int8` the model
    computes in floats. Accuracy before and after quantization is reported. Written aside and renamed to `target`, whose
    name becomes the bundle's id. Raises `InputError` where `target` exists, where there is no test sample, or where
    torch and onnxruntime differ.
    """
    require_new_bundle(target)
    spec = config.spec
    network = shifted(network, class_offsets(config, charset))
    plain = Exported(network, 1.0)
    known = [test for test in tests if not test.name.endswith("unseen")]
    if not any(len(test.labels) for test in known):
        raise InputError("There are no test samples to calibrate and compare with.", "Give a source a test_share.")
    half = np.concatenate([test.images(spec)[::2] for test in known])[:4000]
    labels = np.concatenate([test.labels[::2] for test in known])[:4000]
    is_fitted = not temperature
    temperature = temperature or fit_temperature(torch_logits(plain, half, torch.device("cpu")), labels)
    model = Exported(network, temperature)
    proto = to_onnx(model, spec)
    parity = check_parity(model, proto.SerializeToString(), half[:_CALIBRATION])
    asked = _canary_images(charset, spec, half)
    canary = Canary.of(asked, torch_logits(model, asked, torch.device("cpu")))
    if calibration is None:
        calibration = np.concatenate([test.images(spec)[::2] for test in known])
    spread = np.random.default_rng(0).permutation(calibration)
    data = finish(quantize(proto, spread[:_CALIBRATION]) if int8 else proto, charset, spec)
    with folder_aside(target) as folder:
        write = functools.partial(
            write_bundle,
            folder,
            bundle_id=target.name,
            title=made.title,
            charset=charset,
            spec=spec,
            created=made.created,
            parent=made.parent,
            network=asdict(network.architecture),
            canary=canary,
            training={
                "steps": made.steps,
                "seed": config.seed,
                "data_sha256": made.data_digest,
                "config": _stated(config),
            },
        )
        as_floats = Engine(write(card="", model=finish(proto, charset, spec), has_int8=False), threads=2)
        float_results = measure(as_floats.logits, tests, spec, charset)
        as_integers = Engine(write(card="", model=data, has_int8=int8), threads=2)
        results = measure(as_integers.logits, tests, spec, charset)
        for was, now in zip(float_results, results, strict=True):
            report(Metric(f"{was.name} top-1 in floats", was.score.top1, made.steps))
            report(Metric(f"{now.name} top-1 as exported", now.score.top1, made.steps))
        shown = tests if pictured is None else pictured
        mistakes = [m for test in shown for m in worst_mistakes(as_integers.logits, test, spec, charset, 12)]
        examined = Examined(results, float_results, len(data), parity.largest, temperature, mistakes, is_fitted, int8)
        card = write_card(target.name, made, config, network, charset, examined)
        scores = {r.name: round(r.score.top1, 5) for r in results}
        write(card=card, model=data, has_int8=int8, errors=picture_of(mistakes), scores=scores)
    return load_bundle(target)


def _canary_images(charset: Charset, spec: InputSpec, otherwise: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    """Return the inputs of a canary: of the replay bank, so that no one's samples travel with a model.

    Where the bank knows too few of its characters, some of `otherwise` are taken.
    """
    known = examination(load_bank(paths.replay_bank()), charset.characters)
    if len(known) >= SIZE:
        spread = np.linspace(0, len(known) - 1, SIZE).astype(int)
        return normalize([known[i].content for i in spread], spec)
    return np.asarray(otherwise[np.linspace(0, len(otherwise) - 1, SIZE).astype(int)])


def quantize_bundle(
    parent: ModelBundle, samples: Sequence[Sample], target: Path, report: Reporter, *, created: str
) -> ModelBundle:
    """Make an int8 bundle of one in floats, calibrated and measured on labeled samples.

    Raises `InputError` where the samples hold no character that the bundle knows.
    """
    known = [sample for sample in readable(samples) if sample.character in parent.charset]
    if not known:
        raise InputError("No sample is of a character that {name} knows.", "Give labeled samples.", name=parent.id)
    test = sample_set("samples", known, parent.charset)
    network = unfold(parent, torch.from_numpy(test.images(parent.spec)[:_CALIBRATION]))
    config = FitConfig(
        sources=(SourceConfig("ink", "samples", title="Samples that int8 was calibrated with", terms="the user's"),),
        architecture=network.architecture,
        size=parent.spec.size,
        margin=parent.spec.margin,
        preparation=parent.spec.preparation,
        history=f"Quantized from {parent.id}.",
    )
    return export_run(
        network,
        parent.charset,
        config,
        [test],
        target,
        Provenance(parent.title, created, int(parent.training.get("steps", 0)), parent.id),
        temperature=1.0,
        report=report,
    )
