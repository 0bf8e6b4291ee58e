/// The product's main job on real input, from the shipped base model to exported files, with
/// scripted annotators in people's place.
///
/// The annotators are clients like any browser: they sign in by a one-time link, ask for the next
/// task and post to the same addresses, with the same tokens against forgery. Their accounts are
/// marked as scripted, and so is every judgement they give.
@NullMarked
package org.alignmentworkbench.app.demo;

import org.jspecify.annotations.NullMarked;
