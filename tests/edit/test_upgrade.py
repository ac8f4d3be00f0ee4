"""Old formats rewritten as text: the result means what Caffe's own upgrade makes of the original."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from netgraft import edit, prototxt
from netgraft.caffe.layers import outline
from netgraft.caffe.net import check
from netgraft.caffe.state import NetState

OLD = re.compile(r"^\s*(?:layers|input)\b", re.M)
"""Whether a net may be of an old format, without reading it."""


def upgraded(text: str) -> str:
    return edit.apply(edit.Document.read(text), {"op": "upgrade"}).document.text


def meaning(tree: prototxt.Document) -> list[tuple[str, str, bytes]]:
    """(name, type, everything else) of each layer after Caffe's upgrade; a fork's type is in no message."""
    found = []
    for layer in outline(tree).upgraded.layers:
        rest = type(layer.facts.message)()
        rest.CopyFrom(layer.facts.message)
        rest.ClearField("type")
        found.append((layer.facts.name, layer.facts.type, rest.SerializeToString(deterministic=True)))
    return found


def test_every_recorded_old_net_means_the_same_afterwards(shared: Path) -> None:
    done, refused = 0, []
    with (shared / "conformance" / "nets.jsonl").open(encoding="utf-8", errors="surrogateescape") as lines:
        for line in lines:
            record = json.loads(line)
            if not OLD.search(record["prototxt"]):
                continue
            document = edit.Document.read(record["prototxt"])
            old = outline(document.tree).upgraded
            if not old.upgrades:
                continue
            try:
                after = edit.apply(document, {"op": "upgrade"}).document.tree
            except edit.EditError as error:
                refused.append((error.code, any(run["ok"] for run in record["runs"])))
                continue
            done += 1
            assert meaning(after) == meaning(document.tree), record["id"]
            assert outline(after).upgraded.stages == old.stages, record["id"]
            assert not outline(after).reading.old_layers, record["id"]
            assert not outline(after).reading.net.input, record["id"]
            assert len(after.errors) == len(document.tree.errors), record["id"]
    assert done > 80
    # What Caffe accepts is refused only where there is nothing to do.
    assert {code for code, accepted in refused if accepted} <= {"nothing-to-upgrade"}


@pytest.mark.parametrize("phase", ["TRAIN", "TEST"])
def test_the_verdict_is_the_same_afterwards(shared: Path, phase: str) -> None:
    for name in ("lenet_v1", "cifar10_quick_v1", "mtcnn_det2"):
        document = edit.Document.read((shared / "weights" / f"{name}.prototxt").read_bytes())
        after = edit.apply(document, {"op": "upgrade"}).document
        state = NetState("TRAIN" if phase == "TRAIN" else "TEST")
        before, now = check(document.tree, state), check(after.tree, state)
        assert before.ok
        assert now.ok
        assert [layer.top_shapes for layer in now.net.layers] == [
            layer.top_shapes for layer in before.net.layers
        ]
        assert now.net.learnable == before.net.learnable


def test_a_v1_layer_is_rewritten_where_it_stands() -> None:
    text = """# head
layers {
  name: "conv" # the first
  type: CONVOLUTION
  bottom: "data"
  top: "conv"
  param: "w"
  blobs_lr: 1. # weight
  blobs_lr: 2
  weight_decay: 1
  weight_decay: 0 # bias
  blob_share_mode: PERMISSIVE
  convolution_param { num_output: 2 kernel_size: 1 }
}
"""
    assert (
        upgraded(text)
        == """# head
layer {
  name: "conv" # the first
  type: "Convolution"
  bottom: "data"
  top: "conv"
  param { name: "w" share_mode: PERMISSIVE lr_mult: 1. decay_mult: 1 } # weight
  param { lr_mult: 2 decay_mult: 0 }
  # bias
  convolution_param { num_output: 2 kernel_size: 1 }
}
"""
    )


def test_one_line_and_lists_are_rewritten_too() -> None:
    text = (
        "layers { type: 4 name: 'c' blobs_lr: [1, 2] weight_decay: 1 weight_decay: 0 bottom: 'x' top: 'c' }\n"
    )
    assert upgraded(text) == (
        "layer { type: \"Convolution\" name: 'c' param { lr_mult: 1 decay_mult: 1 } "
        "param { lr_mult: 2 decay_mult: 0 } bottom: 'x' top: 'c' }\n"
    )
    assert upgraded('layers: [{type: RELU name: "a"}, {type: NONE name: "b"}]') == (
        'layer: [{type: "ReLU" name: "a"}, {type: "" name: "b"}]'
    )


def test_data_layers_get_a_transform_param() -> None:
    text = """layers {
  type: DATA
  name: "d"
  data_param {
    source: "db"
    scale: 0.5  # bytes
    mirror: true
  }
}
"""
    assert (
        upgraded(text)
        == """layer {
  type: "Data"
  name: "d"
  data_param {
    source: "db"
    # bytes
  }
  transform_param {
    scale: 0.5
    mirror: true
  }
}
"""
    )
    merged = upgraded(
        "layers { type: IMAGE_DATA transform_param { scale: 1 } image_data_param { scale: 2 crop_size: 3 } }"
    )
    assert merged == (
        'layer { type: "ImageData" transform_param { scale: 2 crop_size: 3 } image_data_param { } }'
    )


def test_net_level_inputs_become_the_first_layer_and_comments_stay() -> None:
    text = """name: "n"
# the picture
input: "data"
input_dim: 1 input_dim: 3
input_dim: 8
input_dim: 8 # square
layer {
  name: "r"
  type: "ReLU"
  bottom: "data"
  top: "r"
}
"""
    assert (
        upgraded(text)
        == """name: "n"
# the picture
layer {
  name: "input"
  type: "Input"
  top: "data"
  input_param {
    shape { dim: 1 dim: 3 dim: 8 dim: 8 }
  }
}
# square
layer {
  name: "r"
  type: "ReLU"
  bottom: "data"
  top: "r"
}
"""
    )


def test_inputs_that_come_after_the_layers_still_come_first() -> None:
    text = 'layer { name: "r" type: "ReLU" bottom: "x" top: "r" }\ninput: "x"\ninput_shape { dim: 2 }\n'
    after = edit.Document.read(upgraded(text))
    assert [layer.name for layer in edit.view(after.tree).layers] == ["input", "r"]
    assert check(after.tree).ok


def test_inputs_without_a_shape_are_dropped_as_caffe_drops_them() -> None:
    assert upgraded('input: "x"\nname: "n"\n') == 'name: "n"\n'


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ('layer { name: "x" type: "ReLU" }', "nothing-to-upgrade"),
        ('layer { name: "x" }\nlayers { name: "y" type: RELU }', "mixed-formats"),
        ('layers { layer { name: "x" type: "locally_connected" } }', "unknown-v0-type"),
        ('layers { name: "x" type: RELU', "syntax"),
        ('input: "x"\ninput_dim: 3', "input-shape-missing"),
    ],
)
def test_what_cannot_be_upgraded_is_said(text: str, code: str) -> None:
    with pytest.raises(edit.EditError) as refused:
        upgraded(text)
    assert refused.value.code == code


def test_batch_norms_three_params_are_frozen() -> None:
    bn = 'layer { name: "b" type: "BatchNorm" bottom: "x" top: "b" '
    bn += "param { lr_mult: 1 } param { } param { } }\n"
    assert upgraded(bn).count("lr_mult: 0 decay_mult: 0") == 3


def test_a_duplicate_of_an_old_net_upgrades_it_first_and_says_so(shared: Path) -> None:
    document = edit.Document.read((shared / "weights" / "lenet_v1.prototxt").read_bytes())
    edited = edit.apply(document, {"op": "duplicate", "layers": ["conv1", "pool1"]})
    assert edited.report.upgraded == ["V1 layers", "net-level inputs"]
    assert check(edited.document.tree).ok


def test_an_edit_of_an_old_layer_upgrades_the_layers_but_not_the_inputs(shared: Path) -> None:
    document = edit.Document.read((shared / "weights" / "lenet_v1.prototxt").read_bytes())
    edited = edit.apply(document, {"op": "set_rate", "layer": "conv1", "scale_lr": 0})
    assert "input_dim" in edited.document.text
    assert "layers {" not in edited.document.text
    assert check(edited.document.tree).ok
