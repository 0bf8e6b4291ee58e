/// Learning from preferences.
@NullMarked
package org.alignmentworkbench.rlhf;

import org.jspecify.annotations.NullMarked;
