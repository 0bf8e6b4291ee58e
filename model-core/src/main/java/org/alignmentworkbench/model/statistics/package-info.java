/// Figures with their uncertainty: every one carries n and a 95 % interval, or says why it has
/// none.
@NullMarked
package org.alignmentworkbench.model.statistics;

import org.jspecify.annotations.NullMarked;
