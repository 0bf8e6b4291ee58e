/// Notes at the desk: flags, questions and comments, and what leads answered.
@NullMarked
package org.alignmentworkbench.annotation.notes;

import org.jspecify.annotations.NullMarked;
