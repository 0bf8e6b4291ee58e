/// Who stood for the teacher committee after each round, and who was elected.
@NullMarked
package org.alignmentworkbench.db.committee;

import org.jspecify.annotations.NullMarked;
