/// Flags, questions and comments of annotators, and what leads answer.
@NullMarked
package org.alignmentworkbench.db.note;

import org.jspecify.annotations.NullMarked;
