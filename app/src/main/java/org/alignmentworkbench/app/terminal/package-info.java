/// What a person in a terminal sees while something long runs.
@NullMarked
package org.alignmentworkbench.app.terminal;

import org.jspecify.annotations.NullMarked;
