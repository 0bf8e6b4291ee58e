package org.alignmentworkbench.app.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.alignmentworkbench.annotation.page.HeadlessChromium;
import org.alignmentworkbench.app.Browser;
import org.alignmentworkbench.app.RunningServer;
import org.alignmentworkbench.app.config.OidcSettings;
import org.alignmentworkbench.app.config.WorkbenchSettings;
import org.alignmentworkbench.db.audit.AuditRepository;
import org.alignmentworkbench.db.person.IdentityRepository;
import org.alignmentworkbench.db.person.Person;
import org.alignmentworkbench.db.person.PersonRepository;
import org.alignmentworkbench.db.person.Role;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.openqa.selenium.By;
import org.springframework.security.oauth2.core.oidc.OidcIdToken;
import org.springframework.security.oauth2.core.oidc.user.DefaultOidcUser;
import org.springframework.security.oauth2.core.oidc.user.OidcUser;
import org.springframework.transaction.support.TransactionTemplate;

/// Signing in through a provider, over real HTTP on both sides.
class OidcIT {
  private static ScriptedProvider provider;
  private static RunningServer server;

  @BeforeAll
  static void start() throws Exception {
    provider = new ScriptedProvider();
    server =
        new RunningServer(
            "--workbench.worker=false",
            "--workbench.oidc.issuer=" + provider.issuer(),
            "--workbench.oidc.client-id=" + ScriptedProvider.CLIENT,
            "--workbench.oidc.client-secret=" + ScriptedProvider.SECRET,
            "--workbench.oidc.name=House sign-in",
            "--workbench.oidc.roles.lead=label-leads",
            "--workbench.oidc.roles.annotator=labellers,helpers");
  }

  @AfterAll
  static void stop() {
    server.close();
    provider.close();
  }

  private static HttpResponse<String> follow(String address) throws Exception {
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client.send(
          HttpRequest.newBuilder(URI.create(address)).timeout(Duration.ofSeconds(10)).build(),
          BodyHandlers.ofString());
    }
  }

  /// From the button to the provider and back; the path of the callback.
  private static String callback(Browser browser) throws Exception {
    String toProvider = Browser.location(browser.get(OidcSignIn.BEGIN));
    assertThat(toProvider).startsWith(provider.issuer() + "/authorize?");
    String back = Browser.location(follow(toProvider));
    assertThat(back).startsWith(server.url() + "/login/oauth2/code/provider?");
    return back.substring(server.url().length());
  }

  private static HttpResponse<String> signIn(Browser browser) throws Exception {
    return browser.get(callback(browser));
  }

  private static boolean signedIn(Browser browser) {
    return browser.get("/account/password").statusCode() == 200;
  }

  private static PersonRepository people() {
    return server.bean(PersonRepository.class);
  }

  private static Person find(String username) {
    return people().findByUsername(username).orElseThrow();
  }

  @Test
  void whoever_the_claim_gives_a_role_comes_in_with_an_account_and_comes_back_to_it()
      throws Exception {
    provider.user("sub-1", "Grace.H", "Grace Hopper", "labellers", "staff");
    Browser browser = new Browser(server.url());
    assertThat(browser.get("/sign-in").body()).contains("House sign-in");
    String before = browser.session().orElseThrow().getValue();
    assertThat(Browser.location(signIn(browser))).endsWith("/");
    assertThat(browser.session().orElseThrow().getValue())
        .as("a new session number")
        .isNotEqualTo(before);
    assertThat(signedIn(browser)).isTrue();
    Person grace = find("grace.h");
    assertThat(grace.role()).isEqualTo(Role.ANNOTATOR);
    assertThat(grace.displayName()).isEqualTo("Grace Hopper");
    assertThat(grace.passwordHash()).isNull();
    // Another name at the provider is still the same subject; another role is taken over.
    provider.user("sub-1", "someone-else", "G. Hopper", "label-leads");
    Browser again = new Browser(server.url());
    signIn(again);
    assertThat(find("grace.h").role()).isEqualTo(Role.LEAD);
    assertThat(people().findByUsername("someone-else")).isEmpty();
  }

  @Test
  void a_name_that_is_taken_leads_to_no_account_that_is_there() throws Exception {
    Person local = server.person("ada", Role.ADMIN);
    provider.user("sub-of-a-stranger", "ada", "Ada?", "labellers");
    Browser browser = new Browser(server.url());
    signIn(browser);
    assertThat(browser.get("/admin").statusCode()).isEqualTo(404);
    assertThat(find("ada").id()).isEqualTo(local.id());
    assertThat(find("ada-2").role()).isEqualTo(Role.ANNOTATOR);
  }

  @Test
  void whoever_has_no_role_here_is_turned_away() throws Exception {
    provider.user("sub-nobody", "nobody", "Nobody", "accounting");
    Browser browser = new Browser(server.url());
    assertThat(Browser.location(signIn(browser))).endsWith("/sign-in?refused");
    assertThat(signedIn(browser)).isFalse();
    assertThat(people().findByUsername("nobody")).isEmpty();
    assertThat(browser.get("/sign-in?refused").body()).contains("did not let you in");
  }

  @Test
  void a_closed_account_stays_closed() throws Exception {
    provider.user("sub-closed", "closed", "Closed", "labellers");
    signIn(new Browser(server.url()));
    people().setActive(find("closed").id(), false);
    Browser browser = new Browser(server.url());
    assertThat(Browser.location(signIn(browser))).endsWith("/sign-in?refused");
  }

  @ParameterizedTest
  @EnumSource(value = ScriptedProvider.Fault.class, mode = EnumSource.Mode.EXCLUDE, names = "NONE")
  void a_token_that_is_not_right_lets_nobody_in(ScriptedProvider.Fault fault) throws Exception {
    provider.user(
        "sub-" + fault, "fault-" + fault.name().toLowerCase(Locale.ROOT), "F", "labellers");
    provider.fault(fault);
    Browser browser = new Browser(server.url());
    assertThat(Browser.location(signIn(browser))).endsWith("/sign-in?refused");
    assertThat(signedIn(browser)).isFalse();
    assertThat(people().findByUsername("fault-" + fault.name().toLowerCase(Locale.ROOT))).isEmpty();
  }

  @Test
  void an_answer_for_another_session_or_a_second_time_lets_nobody_in() throws Exception {
    provider.user("sub-victim", "victim", "Victim", "labellers");
    Browser attacker = new Browser(server.url());
    String callback = callback(attacker);
    Browser victim = new Browser(server.url());
    victim.get("/sign-in");
    assertThat(Browser.location(victim.get(callback))).endsWith("/sign-in?refused");
    assertThat(signedIn(victim)).isFalse();
    assertThat(Browser.location(attacker.get(callback))).endsWith("/");
    Browser replay = new Browser(server.url());
    replay.get("/sign-in");
    assertThat(Browser.location(replay.get(callback))).endsWith("/sign-in?refused");
  }

  @Test
  void a_local_account_is_linked_by_its_person_and_by_nobody_else() throws Exception {
    Person hedy = server.person("hedy", Role.ENGINEER);
    Browser browser = server.signedIn("hedy");
    provider.user("sub-hedy", "h.lamarr", "Hedy L.");
    String begun =
        browser.post("/account/identity", Map.of(), browser.csrf("/account/identity")).body();
    assertThat(begun).contains("href=\"" + OidcSignIn.BEGIN + "\"");
    signIn(browser);
    assertThat(browser.get("/account/identity").body()).contains("is linked with");
    Browser later = new Browser(server.url());
    signIn(later);
    assertThat(later.get("/account/password").body()).contains("Shown hedy");
    assertThat(find("hedy").id()).isEqualTo(hedy.id());
    assertThat(find("hedy").role()).as("no claim, so as it was").isEqualTo(Role.ENGINEER);

    // The subject is hedy's: nobody else can link it, and without the form nothing is linked.
    server.person("mallory", Role.VIEWER);
    Browser mallory = server.signedIn("mallory");
    mallory.post("/account/identity", Map.of(), mallory.csrf("/account/identity"));
    assertThat(Browser.location(signIn(mallory))).endsWith("/sign-in?refused");
    assertThat(mallory.send("POST", "/account/identity").statusCode()).isEqualTo(403);

    browser.post("/account/identity/forget", Map.of(), browser.csrf("/account/identity"));
    Browser unlinked = new Browser(server.url());
    assertThat(Browser.location(signIn(unlinked))).endsWith("/sign-in?refused");
    server.signedIn("hedy");
  }

  /// Whoever sat in an open session may have linked a subject of their own.
  @Test
  void a_reset_takes_what_was_linked_from_whoever_has_a_password() throws Exception {
    Person joan = server.person("joan", Role.ENGINEER);
    Browser hijacked = server.signedIn("joan");
    provider.user("sub-intruder", "intruder", "Intruder");
    hijacked.post("/account/identity", Map.of(), hijacked.csrf("/account/identity"));
    signIn(hijacked);
    Accounts accounts = server.bean(Accounts.class);
    accounts.reset(joan.id(), server.bean(PersonRepository.class).find(joan.id()).orElseThrow());
    assertThat(Browser.location(signIn(new Browser(server.url())))).endsWith("/sign-in?refused");

    provider.user("sub-kim", "kim", "Kim", "helpers");
    signIn(new Browser(server.url()));
    Person kim = find("kim");
    accounts.reset(joan.id(), kim);
    signIn(new Browser(server.url()));
    assertThat(usernames())
        .as("who came by the provider comes back to their account")
        .filteredOn(name -> name.startsWith("kim"))
        .containsExactly("kim");
  }

  @Test
  void windows_that_come_for_the_first_time_at_once_make_one_account() throws Exception {
    OidcPeople people =
        new OidcPeople(
            server.bean(WorkbenchSettings.class).oidc(),
            "https://issuer.example",
            server.bean(IdentityRepository.class),
            server.bean(PersonRepository.class),
            server.bean(AuditRepository.class),
            server.bean(TransactionTemplate.class),
            Clock.systemUTC());
    int windows = 8;
    CyclicBarrier together = new CyclicBarrier(windows);
    List<Callable<Long>> visits = new ArrayList<>();
    for (int i = 0; i < windows; i++) {
      Map<String, Object> claims =
          Map.of("sub", "sub-hasty", "preferred_username", "hasty", "groups", List.of("helpers"));
      OidcUser user =
          new DefaultOidcUser(
              List.of(),
              new OidcIdToken("token", Instant.now(), Instant.now().plusSeconds(60), claims));
      visits.add(() -> {
        together.await();
        return people.of(user, null).account().personId();
      });
    }
    try (ExecutorService threads = Executors.newFixedThreadPool(windows)) {
      Set<Long> came = new HashSet<>();
      for (Future<Long> visit : threads.invokeAll(visits)) {
        came.add(visit.get());
      }
      assertThat(came).hasSize(1);
    }
    assertThat(usernames()).filteredOn(name -> name.startsWith("hasty")).containsExactly("hasty");
  }

  private static List<String> usernames() {
    return server
        .database()
        .jdbc()
        .sql("select username from person order by id")
        .query(String.class)
        .list();
  }

  @Test
  void no_token_of_the_provider_is_kept() throws Exception {
    provider.user("sub-kept", "kept", "Kept", "helpers");
    Browser browser = new Browser(server.url());
    signIn(browser);
    assertThat(
            server
                .database()
                .jdbc()
                .sql(
                    "select count(*) from spring_session_attributes where"
                        + " position('opaque'::bytea in attribute_bytes) > 0 or"
                        + " position('eyJ'::bytea in attribute_bytes) > 0")
                .query(Long.class)
                .single())
        .isZero();
  }

  @Test
  void the_answer_arrives_without_the_strict_cookie_and_asks_for_itself_once_more()
      throws Exception {
    provider.user("sub-strict", "strict", "Strict", "helpers");
    Browser browser = new Browser(server.url());
    String callback = callback(browser);
    var bounced = new Browser(server.url()).get(callback);
    assertThat(bounced.statusCode()).isEqualTo(200);
    assertThat(bounced.body()).contains("http-equiv=\"refresh\"", "&amp;again=1");
    assertThat(bounced.headers().firstValue("Content-Security-Policy"))
        .hasValue(SecurityConfiguration.CONTENT_SECURITY_POLICY);
    assertThat(Browser.location(browser.get(callback + "&again=1"))).endsWith("/");
    assertThat(Browser.location(new Browser(server.url()).get(callback + "&again=1")))
        .endsWith("/sign-in?refused");
  }

  @Test
  void a_real_browser_goes_there_and_back_with_its_strict_cookie() throws Exception {
    Assumptions.assumeTrue(HeadlessChromium.available(), "needs chromium and chromedriver");
    provider.user("sub-chromium", "chromium", "Chromium", "helpers");
    try (HeadlessChromium chromium = new HeadlessChromium()) {
      chromium.driver().get(server.url() + "/sign-in");
      chromium.driver().findElement(By.id("provider")).click();
      chromium.until(
          "signed in", () -> String.valueOf(chromium.driver().getCurrentUrl()).endsWith("/label"));
      assertThat(chromium.driver().findElement(By.cssSelector(".person")).getText())
          .contains("Chromium");
    }
  }

  @Test
  void without_a_provider_there_is_no_such_door() {
    try (RunningServer plain = new RunningServer("--workbench.worker=false")) {
      Browser browser = new Browser(plain.url());
      assertThat(browser.get("/sign-in").body()).doesNotContain("/oauth2/");
      assertThat(Browser.location(browser.get(OidcSignIn.BEGIN))).endsWith("/sign-in");
      plain.person("local", Role.VIEWER);
      Browser local = plain.signedIn("local");
      assertThat(local.get(OidcSignIn.BEGIN).statusCode()).isEqualTo(404);
      var begun = local.post("/account/identity", Map.of(), local.csrf("/account/identity"));
      assertThat(Browser.location(begun)).endsWith("/account/identity");
      assertThat(local.get("/account/identity").body())
          .contains("No provider of sign-ins is set up")
          .doesNotContain("/oauth2/");
    }
  }

  @Test
  void settings_that_would_be_unsafe_are_refused() {
    OidcSettings.Roles none =
        new OidcSettings.Roles(List.of(), List.of(), List.of(), List.of(), List.of());
    assertThatThrownBy(() ->
            new OidcSettings(
                "http://sign-in.example.org",
                "c",
                "s",
                "n",
                List.of("openid"),
                "groups",
                none,
                null))
        .hasMessage(
            "workbench.oidc.issuer must be an https address, was http://sign-in.example.org");
    assertThatThrownBy(() ->
            new OidcSettings(
                "https://sign-in.example.org",
                "c",
                null,
                "n",
                List.of("openid"),
                "groups",
                none,
                null))
        .hasMessageContaining("needs workbench.oidc.client-id");
    assertThatThrownBy(() ->
            new OidcSettings(
                "https://sign-in.example.org",
                "c",
                "s",
                "n",
                List.of("openid"),
                "groups",
                none,
                Role.ADMIN))
        .hasMessage("workbench.oidc.everybody must be ENGINEER, ANNOTATOR or VIEWER, was ADMIN");
  }
}
