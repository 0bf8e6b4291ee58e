"""Small random models of the architectures that are read, with what transformers computes of them.

    python architectures.py ../resources/fixtures/architectures

Made with torch 2.15.0 and transformers 5.24.0. For each model: its folder as transformers saves it,
and reference.json with two ragged rows of ids, their logits one row at a time (no padding), the
sum of negative log-probabilities, and 12 greedy tokens after each row; and of the gradient of both
rows' sum, for every parameter as it stands in the file, its norm and its projections on
cos(0.7 i + k), k = 0, 1, 2, i counting its values, to which each value contributes. Logits are float32 results
of float64 weights' computation, so that rounding is the other side's alone.
"""
import json
import pathlib
import sys

import torch
from transformers import (LlamaConfig, LlamaForCausalLM, MistralConfig, MistralForCausalLM, Qwen2Config,
                          Qwen2ForCausalLM, Qwen3Config, Qwen3ForCausalLM)

COMMON = dict(vocab_size=96, hidden_size=64, intermediate_size=112, num_hidden_layers=2,
              num_attention_heads=4, num_key_value_heads=2, max_position_embeddings=512,
              bos_token_id=1, eos_token_id=2, pad_token_id=None)
ROWS = [[1, 17, 64, 3, 3, 90, 41, 8, 22, 75, 33],
        [1, 5] + [(7 * i * i + 3 * i) % 96 for i in range(180)]]


def models():
    # original_max_position_embeddings 64: the rows reach far beyond it, so that the ramp matters
    yield "llama3-rope", LlamaForCausalLM(LlamaConfig(
        **COMMON, tie_word_embeddings=True,
        rope_parameters=dict(rope_type="llama3", rope_theta=50000.0, factor=8.0, low_freq_factor=1.0,
                             high_freq_factor=4.0, original_max_position_embeddings=64)))
    yield "mistral", MistralForCausalLM(MistralConfig(
        **COMMON, head_dim=16, tie_word_embeddings=False, sliding_window=None,
        rope_parameters=dict(rope_type="default", rope_theta=7000.0)))
    yield "qwen2", Qwen2ForCausalLM(Qwen2Config(
        **COMMON, tie_word_embeddings=True,
        rope_parameters=dict(rope_type="default", rope_theta=1000000.0)))
    # heads of another size than width / heads, as all of Qwen3 but one have
    yield "qwen3", Qwen3ForCausalLM(Qwen3Config(
        **COMMON, head_dim=24, tie_word_embeddings=False, rms_norm_eps=1e-6,
        rope_parameters=dict(rope_type="default", rope_theta=1000000.0)))


def main(target):
    for number, (name, model) in enumerate(models()):
        generator = torch.Generator().manual_seed(number + 1)
        with torch.no_grad():
            for parameter in model.parameters():
                noise = torch.randn(parameter.shape, generator=generator)
                if parameter.dim() > 1:
                    parameter.copy_(2.8 / parameter.shape[-1] ** 0.5 * noise)
                else:
                    parameter.copy_(1 + 0.2 * noise)
            for key, parameter in model.named_parameters():
                if key.endswith(".bias"):
                    parameter.sub_(1).mul_(3)
        folder = target / name
        model.generation_config.eos_token_id = None
        model.save_pretrained(folder)
        (folder / "generation_config.json").unlink(missing_ok=True)
        exact = model.double().eval()
        reference = []
        total = 0
        for row in ROWS:
            ids = torch.tensor([row])
            scores = torch.log_softmax(exact(input_ids=ids).logits[0, :-1], -1)
            total = total - scores.gather(1, ids[0, 1:, None]).sum()
        total.backward()
        gradients = {}
        for key, parameter in exact.named_parameters():
            flat = parameter.grad.flatten()
            count = torch.arange(len(flat), dtype=torch.float64)
            gradients[key] = [float(flat.norm())] + [float((flat * torch.cos(0.7 * count + k)).sum()) for k in range(3)]
        with torch.no_grad():
            for row in ROWS:
                ids = torch.tensor([row])
                logits = exact(input_ids=ids).logits[0]
                scores = torch.log_softmax(logits[:-1], -1).gather(1, ids[0, 1:, None])[:, 0]
                continued = list(row)
                for _ in range(12):
                    continued.append(int(exact(input_ids=torch.tensor([continued])).logits[0, -1].argmax()))
                shown = logits[-4:]
                reference.append(dict(ids=row, last_logits=[[float(x) for x in position] for position in shown.float()],
                                      loss_sum=-float(scores.sum()), greedy=continued[len(row):]))
        (folder / "reference.json").write_text(json.dumps(dict(rows=reference, gradients=gradients)) + "\n")


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
