/// A page on which people talk to a model: any registered one, or any of a project that answers.
@NullMarked
package org.alignmentworkbench.app.playground;

import org.jspecify.annotations.NullMarked;
