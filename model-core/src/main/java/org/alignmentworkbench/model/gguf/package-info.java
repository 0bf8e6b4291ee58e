/// Models in llama.cpp's container format GGUF: a reader of its metadata and (quantised) tensors,
/// and what they mean as a Llama decoder with its tokenizer.
@NullMarked
package org.alignmentworkbench.model.gguf;

import org.jspecify.annotations.NullMarked;
