/// The tensor engine: DJL's PyTorch natives behind one kernel thread, and the hand-written
/// TorchScript kernels (`kernels.txt`) that do the arithmetic of training, scoring and sampling in
/// one native call each.
@NullMarked
package org.alignmentworkbench.model.engine;

import org.jspecify.annotations.NullMarked;
