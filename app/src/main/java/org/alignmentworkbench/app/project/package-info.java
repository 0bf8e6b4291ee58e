/// The rooms of a project: the list, the drawn loop, its models.
@NullMarked
package org.alignmentworkbench.app.project;

import org.jspecify.annotations.NullMarked;
