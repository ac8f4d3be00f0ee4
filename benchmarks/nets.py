"""Nets of any size, made up for the benchmarks: like those that people have, with none of their names."""

from __future__ import annotations


def _layer(name: str, kind: str, bottoms: list[str], top: str, more: str = "") -> str:
    reads = "".join(f'  bottom: "{bottom}"\n' for bottom in bottoms)
    return f'layer {{\n  name: "{name}"\n  type: "{kind}"\n{reads}  top: "{top}"\n{more}}}\n'


def residual(layers: int) -> str:
    """A deploy net of exactly `layers` layers (12 or more): residual blocks of three convolutions, each with
    BatchNorm, Scale and ReLU in place, and a classifier."""
    made = [
        'name: "residual"\n'
        + _layer("data", "Input", [], "data", "  input_param { shape { dim: 1 dim: 64 dim: 28 dim: 28 } }\n")
    ]
    rates = "  param { lr_mult: 1 decay_mult: 1 }\n  param { lr_mult: 2 decay_mult: 0 }\n"
    convolution = "  convolution_param {\n    num_output: 64\n    pad: 1\n    kernel_size: 3\n"
    convolution += '    weight_filler { type: "xavier" }\n    bias_filler { type: "constant" }\n  }\n'
    top = "data"
    block = 0
    room = layers - 4  # the input, and pool, classifier and probabilities at the end
    while room >= 13:
        shortcut = top
        for step in "abc":
            name = f"res{block}_{step}"
            made += [
                _layer(name, "Convolution", [top], name, rates + convolution),
                _layer(f"bn{block}_{step}", "BatchNorm", [name], name),
                _layer(f"scale{block}_{step}", "Scale", [name], name, "  scale_param { bias_term: true }\n"),
            ]
            if step != "c":
                made.append(_layer(f"relu{block}_{step}", "ReLU", [name], name))
            top = name
        total = f"res{block}"
        made += [
            _layer(total, "Eltwise", [shortcut, top], total),
            _layer(f"relu{block}", "ReLU", [total], total),
        ]
        top = total
        block += 1
        room -= 13
    for index in range(room):
        made.append(_layer(f"last{index}", "ReLU", [top], f"last{index}"))
        top = f"last{index}"
    made += [
        _layer("pool", "Pooling", [top], "pool", "  pooling_param { pool: AVE global_pooling: true }\n"),
        _layer("classes", "InnerProduct", ["pool"], "classes", "  inner_product_param { num_output: 10 }\n"),
        _layer("prob", "Softmax", ["classes"], "prob"),
    ]
    return "".join(made)
