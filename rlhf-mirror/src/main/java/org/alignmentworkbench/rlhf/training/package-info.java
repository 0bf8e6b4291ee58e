/// Trainings that advance in small units and can be stopped after any of them: the reward model,
/// preference optimisation, and mirror-descent reinforcement learning.
///
/// Everything random comes from counter-based streams and everything else is derived from the step
/// number, so the whole state is weights, moments, the step and, between the phases of an
/// iteration, its samples. A training that was saved and restored goes on with the same bits as one
/// that never stopped.
@NullMarked
package org.alignmentworkbench.rlhf.training;

import org.jspecify.annotations.NullMarked;
