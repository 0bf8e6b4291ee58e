/// Runs of jobs: their queue, state, curves, log and sign of life.
@NullMarked
package org.alignmentworkbench.db.run;

import org.jspecify.annotations.NullMarked;
