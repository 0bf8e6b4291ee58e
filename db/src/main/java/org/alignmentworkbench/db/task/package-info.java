/// Labelling: comparisons to be judged, the queue that hands them out, and the judgements.
@NullMarked
package org.alignmentworkbench.db.task;

import org.jspecify.annotations.NullMarked;
