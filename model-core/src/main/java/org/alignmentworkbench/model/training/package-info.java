/// Training as steps with a serialisable state: AdamW with a clipped global norm over the full
/// weights or an adapter, learning-rate schedules, and checkpoints from which a run goes on bit for
/// bit.
@NullMarked
package org.alignmentworkbench.model.training;

import org.jspecify.annotations.NullMarked;
