"""Cuts strings with the patterns of Llama 3 and Qwen 2 as Hugging Face's tokenizers does.

Writes the golden file of TextCutTest. Needs the package tokenizers (made with 0.23.3):

    python text_cuts.py > ../resources/fixtures/tokenizer/text_cuts.json
"""

import json
import random

from tokenizers import Regex, pre_tokenizers

HEAD = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|"
TAIL = r"| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
PATTERNS = {"LLAMA3": HEAD + r"\p{N}{1,3}" + TAIL, "QWEN2": HEAD + r"\p{N}" + TAIL}
CUTTERS = {
    name: pre_tokenizers.Split(Regex(pattern), "isolated") for name, pattern in PATTERNS.items()
}
PIECES = [
    "'s", "'S", "'ll", "'LL", "'Re", "'ve", "'x", "'", "\u017f", "a", "Zebra", "\u00e9t\u00e9", "1", "22", "12345", "\u0663",
    " ", "  ", "   ", "\n", "\r\n", "\n\n", "\t", "\u00a0", "\u2003", "!", "?!", "...", "_", "$", "\u20ac", "\u4f60\u597d",
    "\U0001f600", "\u200d", "\u0301", "\u00bd", "\u2167", "\u0085", "\u2028",
]
FIXED = [
    "", " ", "Hello world", "I'm sure you'LL see it's 12345 + 67", "a\n\n  b", "  \n \n  x", "x \r\n", "3333+777",
    "end.\n\nNext", "tab\tand  two  spaces ", "don't DON'T", "_name = value;\n", "\u00e0 la carte, s'il te pla\u00eet",
]
rng = random.Random(1)
strings = FIXED + ["".join(rng.choices(PIECES, k=rng.randint(1, 12))) for _ in range(400)]
print(
    json.dumps(
        {
            "patterns": PATTERNS,
            "cases": [
                {
                    "text": text,
                    **{
                        name: [piece for piece, _ in cutter.pre_tokenize_str(text)]
                        for name, cutter in CUTTERS.items()
                    },
                }
                for text in strings
            ],
        }
    )
)
