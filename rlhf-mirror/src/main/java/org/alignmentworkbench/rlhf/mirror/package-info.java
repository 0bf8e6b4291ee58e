/// Mirror descent on policies: the sampled update that training uses and the tabular one whose
/// behaviour is known in closed form.
@NullMarked
package org.alignmentworkbench.rlhf.mirror;

import org.jspecify.annotations.NullMarked;
