/// Writing models for other programs: a Hugging Face folder, a PEFT adapter folder, and GGUF files
/// for llama.cpp. The numbers written are those of the model, rounded to 16 bits.
@NullMarked
package org.alignmentworkbench.model.export;

import org.jspecify.annotations.NullMarked;
