/// Losses on judged pairs: for policies (DPO, IPO) and for reward models (soft-label Bradley-Terry
/// with grade heads). Plain arithmetic in double precision that returns the value together with the
/// gradient with respect to its inputs.
@NullMarked
package org.alignmentworkbench.rlhf.preference;

import org.jspecify.annotations.NullMarked;
