/// What a finished project amounts to: the stages' figures, the reward model, the exports, as a
/// table for people and as JSON for scripts.
@NullMarked
package org.alignmentworkbench.app.report;

import org.jspecify.annotations.NullMarked;
