/// What the rooms share: how states, JSON and lists look.
@NullMarked
package org.alignmentworkbench.app.web;

import org.jspecify.annotations.NullMarked;
