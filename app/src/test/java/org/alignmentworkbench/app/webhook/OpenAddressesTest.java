package org.alignmentworkbench.app.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OpenAddressesTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "127.0.0.1",
        "127.1",
        "0.0.0.0",
        "10.1.2.3",
        "172.16.0.1",
        "172.31.255.255",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "100.127.255.255",
        "198.18.0.1",
        "198.19.0.1",
        "224.0.0.1",
        "255.255.255.255",
        "240.0.0.1",
        "192.0.0.8",
        "192.0.2.1",
        "203.0.113.9",
        "::1",
        "::",
        "fe80::1",
        "fc00::1",
        "fd12::1",
        "ff02::1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "64:ff9b::7f00:1",
        "2002:7f00:1::1",
        "2001::1",
        "2001:db8::1",
        "3fff::1",
        "fec0::1"
      })
  void this_machine_and_private_networks_are_closed(String address) throws Exception {
    assertThat(OpenAddresses.open(InetAddress.getByName(address))).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "8.8.8.8",
        "172.15.255.255",
        "172.32.0.1",
        "100.63.255.255",
        "100.128.0.1",
        "198.17.0.1",
        "198.20.0.1",
        "192.0.1.1",
        "223.255.255.255",
        "2606:4700::1111",
        "2a00:1450::1",
        "2001:4860::8888"
      })
  void everybodys_addresses_are_open_up_to_the_edge_of_each_block(String address) throws Exception {
    assertThat(OpenAddresses.open(InetAddress.getByName(address))).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "file:///etc/passwd", "gopher://x/", "ftp://x/", "http://example.org/",
        "https://user:word@example.org/", "https://example.org/#part", "https:///path", "https:x",
        "example.org", "", "https://exa mple.org/"
      })
  void what_is_no_address_for_a_webhook_is_refused(String text) {
    assertThatIllegalArgumentException().isThrownBy(() -> WebhookUrl.read(text, List.of()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://127.0.0.1/",
        "https://localhost/",
        "https://127.1/",
        "https://[::1]/",
        "https://2130706433/",
        "https://0.0.0.0/",
        "https://169.254.169.254/latest/meta-data",
        "https://[::ffff:127.0.0.1]/",
        "https://[fe80::1]/"
      })
  void a_host_that_leads_to_a_private_address_is_not_connected_to(String text) {
    assertThatThrownBy(() -> WebhookUrl.read(text, List.of()).resolve())
        .isInstanceOfAny(
            WebhookUrl.ClosedAddressException.class,
            IllegalArgumentException.class,
            java.net.UnknownHostException.class);
  }

  @Test
  void the_settings_open_one_host_or_one_port_of_it_and_no_other() throws Exception {
    assertThat(WebhookUrl.read("http://localhost:9000/x", List.of("localhost")).resolve())
        .matches(InetAddress::isLoopbackAddress);
    assertThat(WebhookUrl.read("http://LOCALHOST:9000/x?y=1", List.of("localhost:9000")).target())
        .isEqualTo("/x?y=1");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> WebhookUrl.read("http://localhost:9001/", List.of("localhost:9000")))
        .withMessageContaining("workbench.webhooks.allow");
    assertThatThrownBy(
            () -> WebhookUrl.read("https://localhost:9001/", List.of("localhost:9000")).resolve())
        .isInstanceOf(WebhookUrl.ClosedAddressException.class)
        .hasMessageNotContainingAny("127.0.0.1", "::1");
  }
}
