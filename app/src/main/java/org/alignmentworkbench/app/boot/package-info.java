/// Starts the server: one Spring context with its database, its jobs and its pages.
@NullMarked
package org.alignmentworkbench.app.boot;

import org.jspecify.annotations.NullMarked;
