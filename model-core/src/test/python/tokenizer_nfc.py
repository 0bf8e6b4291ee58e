"""A small byte-level BPE tokenizer as Qwen builds them: text is composed (NFC) first, then cut by their pattern.

    python tokenizer_nfc.py ../resources/fixtures/tokenizers

Made with tokenizers 0.23.3. Writes qwen-nfc.json, the tokenizer itself, and qwen-nfc-strings.json with texts and the
ids that it gives them.
"""
import json
import pathlib
import sys

from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers

PATTERN = (r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+"
           r"|\s+(?!\S)|\s+")
# Composed and decomposed spellings, signs that have another canonical form, Hangul syllables in letters, marks in
# either order, an excluded composition, and a mark that stands right behind a control token.
TEXTS = ["caf\u00e9 cafe\u0301", "\u212b and A\u030a and \u00c5", "\u2126 ohm \u03a9", "\ud55c\uae00 \u1112\u1161\u11ab\u1100\u1173\u11af",
         "q\u0307\u0323 q\u0323\u0307", "\u0958 \u0915\u093c", ">\u0338 \u226f", "<|im_end|>\u0338 x", "e\u0301<|im_start|>user\ne\u0301",
         "\ufb01 \u2460 \uff21", "plain words, 123 numbers\n\nand 'll contractions", "\u0301 alone", ""]


def main(target):
    tokenizer = Tokenizer(models.BPE())
    tokenizer.normalizer = normalizers.NFC()
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([
        pre_tokenizers.Split(Regex(PATTERN), "isolated"),
        pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)])
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.post_processor = processors.ByteLevel(trim_offsets=False)
    trainer = trainers.BpeTrainer(vocab_size=330, initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet()),
                                  show_progress=False)
    tokenizer.train_from_iterator(TEXTS * 3, trainer)
    tokenizer.add_special_tokens([AddedToken(word, normalized=False, special=True)
                                  for word in ("<|endoftext|>", "<|im_start|>", "<|im_end|>")])
    tokenizer.save(str(target / "qwen-nfc.json"))
    rows = [dict(text=text, ids=tokenizer.encode(text, add_special_tokens=False).ids) for text in TEXTS]
    (target / "qwen-nfc-strings.json").write_text(json.dumps(rows, indent=1) + "\n")


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
