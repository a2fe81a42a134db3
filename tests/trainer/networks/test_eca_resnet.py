from __future__ import annotations

import math
from dataclasses import replace
from typing import Literal

import pytest
import torch
import torchvision
from torch import nn

from hccr_desktop.errors import InputError
from trainer.compress.slim import inner_layers, inner_scales, slim, thinner
from trainer.export import compact
from trainer.losses import feature_mismatch, restricted_cross_entropy
from trainer.networks.blocks import BODIES, ParsimoniousConv
from trainer.networks.eca_resnet import (
    PAPER_RESNET18,
    PAPER_RESNET50,
    Architecture,
    EcaResNet,
    EfficientChannelAttention,
    adaptive_kernel,
)


@pytest.mark.parametrize(("channels", "kernel"), [(64, 3), (128, 5), (256, 5), (512, 5), (2048, 7)])
def test_the_adaptive_kernel_is_the_papers(channels: int, kernel: int) -> None:
    assert adaptive_kernel(channels) == kernel


def test_attention_is_the_formula() -> None:
    torch.manual_seed(0)
    layer = EfficientChannelAttention(8, 3)
    x = torch.randn(2, 8, 4, 5)
    weights = layer.conv.weight.reshape(3).tolist()
    for n in range(2):
        means = [0.0, *x[n].mean((1, 2)).tolist(), 0.0]
        for c in range(8):
            total = sum(w * means[c + k] for k, w in enumerate(weights))
            expected = x[n, c] / (1.0 + math.exp(-total))
            torch.testing.assert_close(layer(x)[n, c], expected)


def parameters(network: nn.Module) -> int:
    return sum(p.numel() for p in network.parameters())


@pytest.mark.parametrize("classes", [16, 1000])
def test_the_paper_layout_has_resnet18s_parameters_and_36_or_40_of_attention(classes: int) -> None:
    reference = parameters(torchvision.models.resnet18(num_classes=classes))
    plain = replace(PAPER_RESNET18, eca_kernel=-1)
    assert parameters(EcaResNet(plain, classes)) == reference
    assert parameters(EcaResNet(PAPER_RESNET18, classes)) == reference + 8 * 5
    adaptive = replace(PAPER_RESNET18, eca_kernel=0)
    assert parameters(EcaResNet(adaptive, classes)) == reference + 36


def test_the_paper_layout_computes_what_torchvisions_resnet18_does() -> None:
    torch.manual_seed(0)
    ours = EcaResNet(replace(PAPER_RESNET18, eca_kernel=-1), 16).eval()
    theirs = torchvision.models.resnet18(num_classes=16).eval()
    theirs.load_state_dict(dict(zip(theirs.state_dict(), ours.state_dict().values(), strict=True)))
    images = torch.randint(0, 256, (2, 3, 224, 224), dtype=torch.uint8)
    with torch.no_grad():
        torch.testing.assert_close(ours(images), theirs(1 - images / 255.0), rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("classes", [16, 1000])
def test_the_teacher_has_resnet50s_parameters_and_80_of_attention(classes: int) -> None:
    reference = parameters(torchvision.models.resnet50(num_classes=classes))
    assert parameters(EcaResNet(replace(PAPER_RESNET50, eca_kernel=-1), classes)) == reference
    assert parameters(EcaResNet(PAPER_RESNET50, classes)) == reference + 16 * 5


def test_the_teacher_computes_what_torchvisions_resnet50_does() -> None:
    torch.manual_seed(0)
    ours = EcaResNet(replace(PAPER_RESNET50, eca_kernel=-1), 16).eval()
    theirs = torchvision.models.resnet50(num_classes=16).eval()
    theirs.load_state_dict(dict(zip(theirs.state_dict(), ours.state_dict().values(), strict=True)))
    images = torch.randint(0, 256, (1, 3, 96, 96), dtype=torch.uint8)
    with torch.no_grad():
        torch.testing.assert_close(ours(images), theirs(1 - images / 255.0), rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("block", ["basic", "bottleneck"])
@pytest.mark.parametrize("ratio", [0.4, 0.6])
def test_what_is_pruned_computes_what_the_silenced_network_does(
    block: Literal["basic", "bottleneck"], ratio: float
) -> None:
    torch.manual_seed(0)
    wide = Architecture((8, 12, 16, 24), (1, 2, 1, 1), stem_width=4, embedding=16, block=block)
    network = EcaResNet(wide, 7).eval()
    for scale in inner_scales(network):
        nn.init.uniform_(scale)
    small_shape = thinner(network, ratio)
    small = slim(network, small_shape)
    kept = sum(len(scale) for scale in inner_scales(small))
    total = sum(len(scale) for scale in inner_scales(network))
    assert kept / total == pytest.approx(1 - ratio, abs=0.15)  # a block keeps four at least, a bottleneck the more
    assert len(set(small_shape.inner)) > 1
    names = dict(network.named_parameters())
    for number, (thick, thin) in enumerate(zip(network.stages, small.stages, strict=True)):
        for _, norm, _ in inner_layers(thick):
            left = dict(thin.named_parameters())[f"{norm}.weight"].tolist()  # drawn at random: no two are equal
            for channel, scale in enumerate(names[f"stages.{number}.{norm}.weight"].tolist()):
                if scale not in left:
                    with torch.no_grad():
                        names[f"stages.{number}.{norm}.weight"][channel] = 0.0
                        names[f"stages.{number}.{norm}.bias"][channel] = 0.0
    images = torch.randint(0, 256, (4, 1, 32, 32), dtype=torch.uint8)
    with torch.no_grad():
        torch.testing.assert_close(small(images), network(images), rtol=1e-5, atol=1e-5)


def test_impossible_ratios_and_shapes_are_refused() -> None:
    network = EcaResNet(Architecture((8, 8), (1, 1), stem_width=4, embedding=8), 3)
    for ratio in (-0.1, 1.0):
        with pytest.raises(InputError, match="not possible"):
            thinner(network, ratio)
    with pytest.raises(ValueError, match="for each stage or each block"):
        Architecture((8, 8), (2, 2), inner=(4, 4, 4))


def test_one_gray_channel_is_repeated_where_the_network_has_three() -> None:
    network = EcaResNet(PAPER_RESNET18, 16).eval()
    images = torch.randint(0, 256, (1, 1, 224, 224), dtype=torch.uint8)
    with torch.no_grad():
        torch.testing.assert_close(network(images), network(images.repeat(1, 3, 1, 1)))


@pytest.mark.parametrize("size", [48, 64, 96])
def test_compact_layouts_take_any_size(size: int) -> None:
    network = EcaResNet(Architecture(), 10).eval()
    assert network(torch.zeros(2, 1, size, size, dtype=torch.uint8)).shape == (2, 10)


def test_a_restricted_sample_is_judged_among_its_classes_only() -> None:
    logits = torch.tensor([[1.0, 2.0, 5.0], [0.5, 0.1, 3.0]])
    labels = torch.tensor([0, 2])
    restricted = torch.tensor([True, False])
    classes = torch.tensor([True, True, False])
    loss = restricted_cross_entropy(logits, labels, restricted, classes, 1.0, 0.0)
    first = math.log(1 + math.e)  # among classes 0 and 1
    second = nn.functional.cross_entropy(logits[1:], labels[1:])
    assert float(loss) == pytest.approx((first + float(second)) / 2, rel=1e-5)
    mixed = restricted_cross_entropy(logits, labels, restricted, classes, 0.9, 0.0)
    plain = nn.functional.cross_entropy(logits, labels)
    assert float(mixed) == pytest.approx(0.9 * float(loss) + 0.1 * float((plain * 2 - second + second) / 2), rel=1e-5)


def test_without_restriction_it_is_cross_entropy() -> None:
    logits, labels = torch.randn(4, 5), torch.tensor([0, 1, 2, 3])
    nobody = torch.zeros(4, dtype=torch.bool)
    loss = restricted_cross_entropy(logits, labels, nobody, torch.ones(5, dtype=torch.bool), 0.9, 0.1)
    torch.testing.assert_close(loss, nn.functional.cross_entropy(logits, labels, label_smoothing=0.1))


def test_a_parsimonious_convolution_has_the_papers_count() -> None:
    convolution = ParsimoniousConv(512, 512, 1)
    weights = [m.weight.numel() for m in convolution.modules() if isinstance(m, nn.Conv2d)]
    assert sum(weights) == 230_528
    assert 512 * 512 * 9 / sum(weights) == pytest.approx(10.2, abs=0.05)
    x = torch.randn(2, 512, 7, 7)
    assert ParsimoniousConv(512, 64, 2)(x).shape == (2, 64, 4, 4)


@pytest.mark.parametrize("kind", list(BODIES))
def test_compact_blocks_are_merged_without_a_change(kind: str) -> None:
    architecture = Architecture((8, 12, 16), (1, 2, 1), embedding=6, kinds=("", kind, kind))
    network = EcaResNet(architecture, 5).eval()
    for module in network.modules():
        if isinstance(module, nn.BatchNorm1d | nn.BatchNorm2d):
            nn.init.uniform_(module.running_mean, -1, 1)  # type: ignore[arg-type]
            nn.init.uniform_(module.running_var, 0.5, 2)  # type: ignore[arg-type]
            nn.init.uniform_(module.weight, 0.5, 1.5)
            nn.init.uniform_(module.bias, -1, 1)
    images = torch.randint(0, 256, (3, 1, 32, 32), dtype=torch.uint8)
    merged = compact(network)
    assert not any(isinstance(m, nn.BatchNorm1d | nn.BatchNorm2d) for m in merged.modules())
    assert torch.allclose(network(images), merged(images), atol=1e-4)
    assert [stage.shape[1] for stage in network.staged(images)] == [8, 12, 16]
    with pytest.raises(InputError, match="no channels to drop"):
        thinner(EcaResNet(replace(architecture, kinds=(kind,) * 3), 5), 0.5)


@pytest.mark.parametrize("kinds", [("separable",), ("", "", "cheap")])
def test_kinds_of_blocks_are_checked(kinds: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match="kinds stand for each stage"):
        Architecture((8, 12, 16), (1, 1, 1), kinds=kinds)


def test_features_are_matched_as_a_share_of_the_teachers() -> None:
    wanted = [torch.full((2, 3, 4, 4), 2.0), torch.full((2, 5, 2, 2), 20.0)]
    assert float(feature_mismatch(wanted, wanted)) == 0.0
    assert float(feature_mismatch([0 * w for w in wanted], wanted)) == pytest.approx(1.0)
