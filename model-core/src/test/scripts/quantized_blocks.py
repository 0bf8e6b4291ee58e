"""Random quantised blocks and their values by the reference implementation of the format.

Writes the golden file of DequantizerTest. Needs the packages gguf (made with 0.19.0) and numpy:

    python quantized_blocks.py > ../resources/fixtures/gguf/quantized_blocks.json
"""

import json

import gguf
import numpy as np

BLOCKS = 3
random = np.random.default_rng(1)
HALVES = {"Q8_0": [0], "Q4_0": [0], "Q4_1": [0, 2], "Q5_0": [0], "Q5_1": [0, 2], "Q4_K": [0, 2], "Q6_K": [208]}

result = {}
for name, places in HALVES.items():
    kind = gguf.GGMLQuantizationType[name]
    size, width = gguf.GGML_QUANT_SIZES[kind]
    blocks = random.integers(0, 256, size=(BLOCKS, width), dtype=np.uint8)
    for place in places:  # scales: finite halves of either sign
        halves = random.normal(0, 0.1, size=BLOCKS).astype(np.float16)
        blocks[:, place : place + 2] = halves.view(np.uint8).reshape(BLOCKS, 2)
    values = gguf.dequantize(blocks.reshape(-1), kind).reshape(-1)
    result[name] = {
        "bytes": blocks.reshape(-1).tobytes().hex(),
        "bits": [int(bits) for bits in values.astype(np.float32).view(np.int32)],
    }
print(json.dumps(result))
