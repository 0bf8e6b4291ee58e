/// The keys of the desk: what each does, and which ones a person presses instead.
@NullMarked
package org.alignmentworkbench.annotation.keys;

import org.jspecify.annotations.NullMarked;
