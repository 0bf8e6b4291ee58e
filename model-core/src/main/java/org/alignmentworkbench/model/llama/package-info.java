/// The Llama family of decoders: what a configuration says, how its weights are named, and the
/// forward pass and gradient of a model held by the engine.
@NullMarked
package org.alignmentworkbench.model.llama;

import org.jspecify.annotations.NullMarked;
