"""The peer of `workbench bench ragged`: transformers and peft, rows padded to the longest of their batch.

Opens the registered model and the batches that the bench prepared, trains LoRA of rank 16 on all seven linear maps,
and prints one JSON line. Losses before the first step must agree with the other side's.
"""
import argparse
import json
import pathlib
import resource
import time
import warnings

warnings.filterwarnings("ignore")
import peft
import torch
import transformers

WARM_UPS = 2
LINEAR_MAPS = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"]


def padded(batch):
    """Ids, attention mask and labels; a label of -100 carries no loss."""
    longest = max(len(row["ids"]) for row in batch)
    ids = torch.zeros(len(batch), longest, dtype=torch.long)
    mask = torch.zeros(len(batch), longest, dtype=torch.long)
    labels = torch.full((len(batch), longest), -100)
    for r, row in enumerate(batch):
        n = len(row["ids"])
        ids[r, :n] = torch.tensor(row["ids"])
        mask[r, :n] = 1
        labels[r, :n] = torch.where(torch.tensor(row["supervised"]), ids[r, :n], -100)
    return {"input_ids": ids, "attention_mask": mask, "labels": labels}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=pathlib.Path, required=True)
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    torch.manual_seed(0)
    torch.set_num_threads(options.threads)

    model = transformers.AutoModelForCausalLM.from_pretrained(options.files / "models" / "smol").float()
    model = peft.get_peft_model(
        model,
        peft.LoraConfig(r=16, lora_alpha=32, lora_dropout=0.0, task_type="CAUSAL_LM", target_modules=LINEAR_MAPS),
    )
    model.train()
    trained = [parameter for parameter in model.parameters() if parameter.requires_grad]
    optimizer = torch.optim.AdamW(trained, lr=1e-4, betas=(0.9, 0.95), weight_decay=0.1)

    batches = json.loads((options.files / "batches.json").read_text())["batches"]
    tensors = [padded(batch) for batch in batches]
    losses = []
    start = 0.0
    for step, inputs in enumerate(tensors):
        if step == WARM_UPS:
            start = time.perf_counter()
        loss = model(**inputs).loss
        loss.backward()
        torch.nn.utils.clip_grad_norm_(trained, 1.0)
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
        losses.append(float(loss.detach()))
    seconds = time.perf_counter() - start

    measured = batches[WARM_UPS:]
    tokens = sum(len(row["ids"]) for batch in measured for row in batch)
    supervised = sum(sum(row["supervised"]) for batch in measured for row in batch)
    cells = sum(inputs["input_ids"].numel() for inputs in tensors[WARM_UPS:])
    print(
        json.dumps(
            {
                "supervised_tokens_per_s": supervised / seconds,
                "tokens_per_s": tokens / seconds,
                "padded_share": 1 - tokens / cells,
                "first_loss": losses[0],
                "last_loss": losses[-1],
                "peak_rss_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
            }
        )
    )


main()
