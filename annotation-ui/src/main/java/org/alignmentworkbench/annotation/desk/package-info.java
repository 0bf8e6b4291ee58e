/// The annotator's desk: what waits, the pair in hand, and what one has judged. Nothing here knows
/// which model gave an answer; left and right are the only names an answer has.
@NullMarked
package org.alignmentworkbench.annotation.desk;

import org.jspecify.annotations.NullMarked;
