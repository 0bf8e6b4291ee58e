/// Looks at the machine as the workbench will use it, and says what is missing.
@NullMarked
package org.alignmentworkbench.app.doctor;

import org.jspecify.annotations.NullMarked;
