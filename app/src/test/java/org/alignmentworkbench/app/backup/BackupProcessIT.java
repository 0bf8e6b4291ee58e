package org.alignmentworkbench.app.backup;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.alignmentworkbench.app.Browser;
import org.alignmentworkbench.app.boot.ScriptCheckout;
import org.alignmentworkbench.app.boot.ScriptCheckout.Ran;
import org.alignmentworkbench.app.boot.ScriptCheckout.Up;
import org.jsoup.Jsoup;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The start script's own processes, as a person starts them: a server under a locale that knows
/// ASCII alone, a file into it and out again, a backup beside it; then the backup restored into a
/// fresh folder, and a server there under another locale.
class BackupProcessIT {
  private static final String PASSWORD = "seven quiet herons";
  private static final String ADMIN = "Дарья עדה";
  private static final String PROJECT = "مشروع 测试";
  private static final String FILE = "ответы é.jsonl";
  private static final List<String> TEXTS =
      List.of(
          "שלום עולם",
          "مرحبا بالعالم",
          "你好，世界",
          "नमस्ते दुनिया",
          "สวัสดี",
          "e\u0301 👩‍🚀 ß Ω",
          "=1+1");

  /// Neither the terminal nor Java is told of UTF-8.
  private static final Map<String, String> ASCII =
      Map.of("LC_ALL", "C", "LANG", "C", "JAVA_TOOL_OPTIONS", "-Dfile.encoding=US-ASCII");

  private static final Map<String, String> UTF_8_LOCALE =
      Map.of("LC_ALL", "C.UTF-8", "LANG", "C.UTF-8");

  @TempDir static Path folder;
  private static Ran imported;
  private static Ran exported;
  private static Ran backup;
  private static Ran restored;
  private static byte[] before;
  private static byte[] after;
  private static String people;
  private static String peopleAfter;
  private static String artefact;
  private static String lineageAfter;
  private static String again;
  private static String projects;

  private static Map<String, String> of(Map<String, String> locale, String home) {
    Map<String, String> all = new HashMap<>(locale);
    all.put("WORKBENCH_HOME", folder.resolve(home).toString());
    return all;
  }

  @BeforeAll
  static void thereAndBack() throws Exception {
    ScriptCheckout checkout = new ScriptCheckout(Files.createDirectory(folder.resolve("checkout")));
    Path root = checkout.root();
    StringBuilder rows = new StringBuilder();
    for (String text : TEXTS) {
      rows.append(
          "{\"prompt\": \"%s?\", \"chosen\": \"%s\", \"rejected\": \"no %s\"}\n"
              .formatted(text, text, text));
    }
    Files.writeString(root.resolve("rows"), rows);
    try (Up server = checkout.up(of(ASCII, "first"))) {
      Browser admin = new Browser(server.url());
      setUp(admin, server);
      var made =
          admin.post(
              "/projects/new",
              Map.of("name", PROJECT, "seed", "1"),
              admin.csrf("/account/password"));
      assertThat(made.statusCode()).as(made.body()).isEqualTo(302);
      imported =
          checkout.shell(
              "cp rows '%s' && ./workbench judgements import '%s' '%s'"
                  .formatted(FILE, PROJECT, FILE),
              of(ASCII, "first"));
      exported =
          checkout.shell(
              "./workbench judgements export '%s' --format csv --to before.csv".formatted(PROJECT),
              of(ASCII, "first"));
      backup = checkout.shell("./workbench backup all.backup", of(ASCII, "first"));
      people = rows(admin, "/admin/people");
    }
    before = Files.readAllBytes(root.resolve("before.csv"));
    artefact =
        Pattern.compile("[0-9a-f]{64}")
            .matcher(exported.text())
            .results()
            .findFirst()
            .orElseThrow()
            .group();
    restored = checkout.shell("./workbench restore all.backup", of(UTF_8_LOCALE, "second"));
    try (Up server = checkout.up(of(UTF_8_LOCALE, "second"))) {
      Browser admin = new Browser(server.url());
      admin.signIn("ada", PASSWORD);
      peopleAfter = rows(admin, "/admin/people");
      projects = admin.get("/projects").body();
      lineageAfter = admin.get("/lineage/" + artefact).body();
      checkout.shell(
          "./workbench judgements export '%s' --format csv --to after.csv".formatted(PROJECT),
          of(UTF_8_LOCALE, "second"));
      again =
          checkout
              .shell(
                  "./workbench judgements import '%s' '%s'".formatted(PROJECT, FILE),
                  of(UTF_8_LOCALE, "second"))
              .text();
    }
    after = Files.readAllBytes(root.resolve("after.csv"));
  }

  private static void setUp(Browser browser, Up server) {
    String link =
        server.lines().stream()
            .filter(line -> line.contains("/setup?token="))
            .map(line -> line.substring(line.indexOf("/setup?token=")))
            .findFirst()
            .orElseThrow();
    String token = link.substring(link.indexOf('=') + 1).strip();
    var done =
        browser.post(
            "/setup",
            Map.of(
                "token", token,
                "username", "ada",
                "displayName", ADMIN,
                "password", PASSWORD,
                "repeat", PASSWORD),
            browser.csrf(link.strip()));
    assertThat(done.statusCode()).as(done.body()).isEqualTo(302);
  }

  private static String rows(Browser browser, String path) {
    return String.join(
        "\n", Jsoup.parse(browser.get(path).body()).select("tbody th, tbody td.mono").eachText());
  }

  @Test
  void what_comes_in_and_goes_out_is_utf_8_whatever_the_machines_own_charset_is() {
    assertThat(imported.status()).as(imported.text()).isZero();
    assertThat(imported.text()).contains(TEXTS.size() + " new judgements", " 0 left out");
    assertThat(exported.status()).as(exported.text()).isZero();
    String file = new String(before, UTF_8);
    assertThat(file.getBytes(UTF_8)).isEqualTo(before);
    assertThat(file).contains(TEXTS).doesNotContain("\uFFFD", "??");
    assertThat(file.lines()).hasSize(TEXTS.size() + 1);
    // The same project under another locale.
    assertThat(after).isEqualTo(before);
  }

  @Test
  void a_backup_beside_a_running_server_is_restored_with_its_judgements_artefacts_and_people() {
    assertThat(backup.status()).as(backup.text()).isZero();
    assertThat(restored.status()).as(restored.text()).isZero();
    assertThat(restored.text()).contains("all as they were written");
    assertThat(people).contains(ADMIN);
    assertThat(peopleAfter).isEqualTo(people);
    assertThat(lineageAfter).contains(artefact);
    assertThat(projects).contains(PROJECT);
    // Every judgement is there, and the file is known that brought them.
    assertThat(after).isEqualTo(before);
    assertThat(again).contains("Brought in before, nothing is changed.");
  }
}
