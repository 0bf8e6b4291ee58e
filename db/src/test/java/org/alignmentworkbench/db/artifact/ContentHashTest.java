package org.alignmentworkbench.db.artifact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The numbers are those of `sha256sum` (GNU coreutils 9.1) over the same files, the folder's by
///
/// ```
/// find . -type f -printf '%P\n' | LC_ALL=C sort | while read -r f
/// do echo "$f $(sha256sum < "$f" | cut -d' ' -f1)"; done | sha256sum
/// ```
class ContentHashTest {
  private static final String FOLDER =
      "b2e8bb70b40d3a42d28cb10fcc6f3cae72c6f56a81f92da2d2d300a893086154";

  @TempDir Path folder;

  @BeforeEach
  void write() throws IOException {
    Files.createDirectories(folder.resolve("sub"));
    Files.writeString(folder.resolve("a.txt"), "alpha\n");
    // `sub.txt` comes before `sub/b.txt`: `.` is a smaller byte than `/`. `Z` comes before `a`.
    Files.writeString(folder.resolve("sub/b.txt"), "beta\n");
    Files.writeString(folder.resolve("sub.txt"), "gamma\n");
    Files.writeString(folder.resolve("Z.txt"), "");
  }

  @Test
  void a_file_hashes_as_sha256sum_says() throws IOException {
    assertThat(ContentHash.of(folder.resolve("a.txt")))
        .isEqualTo("b6a98d9ce9a2d9149288fa3df42d377c3e42737afdcdaf714e33c0a100b51060");
    assertThat(ContentHash.of(folder.resolve("Z.txt")))
        .isEqualTo("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
        .isEqualTo(ContentHash.ofBytes(new byte[0]));
  }

  @Test
  void a_folder_hashes_as_the_sorted_lines_of_its_files() throws IOException {
    assertThat(ContentHash.of(folder)).isEqualTo(FOLDER);
  }

  @Test
  void an_empty_folder_inside_does_not_count_and_a_changed_name_does() throws IOException {
    Files.createDirectories(folder.resolve("empty/deep"));
    assertThat(ContentHash.of(folder)).isEqualTo(FOLDER);
    Files.move(folder.resolve("a.txt"), folder.resolve("b.txt"));
    assertThat(ContentHash.of(folder)).isNotEqualTo(FOLDER);
  }

  @Test
  void a_symbolic_link_is_refused() throws IOException {
    Files.createSymbolicLink(folder.resolve("link"), folder.resolve("a.txt"));
    assertThatThrownBy(() -> ContentHash.of(folder))
        .isInstanceOf(IOException.class)
        .hasMessage(folder.resolve("link") + " is not a regular file");
  }
}
