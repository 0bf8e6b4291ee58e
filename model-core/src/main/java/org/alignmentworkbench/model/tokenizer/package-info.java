/// Byte-level byte-pair encoding: reading `tokenizer.json`, text to ids and back, and training a
/// vocabulary.
///
/// Plain text never becomes a control token: only [Tokenizer#encodeWithSpecials] looks for added
/// tokens, and nothing a person wrote goes through it.
@NullMarked
package org.alignmentworkbench.model.tokenizer;

import org.jspecify.annotations.NullMarked;
