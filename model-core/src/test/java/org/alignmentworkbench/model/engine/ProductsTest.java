package org.alignmentworkbench.model.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class ProductsTest {
  private static final String WIDE = "flags\t\t: fpu sse2 avx2 avx512f avx512bw";

  @Test
  void what_leaves_wide_vectors_alone_is_passed_over() {
    assertThat(Products.of(List.of("vendor_id\t: AuthenticAMD", WIDE))).isEqualTo(Products.ONEDNN);
    assertThat(Products.of(List.of("vendor_id\t: GenuineIntel", WIDE))).isEqualTo(Products.BLAS);
    assertThat(Products.of(List.of("vendor_id\t: AuthenticAMD", "flags\t\t: fpu avx2")))
        .isEqualTo(Products.BLAS);
    assertThat(Products.of(List.of())).isEqualTo(Products.BLAS);
  }

  @Test
  void what_is_asked_for_is_taken_where_the_natives_have_it() {
    assertThat(Products.ONEDNN.here(true)).isEqualTo(Products.ONEDNN);
    assertThat(Products.BLAS.here(true)).isEqualTo(Products.BLAS);
    assertThat(Products.ONEDNN.here(false)).isEqualTo(Products.BLAS);
    assertThat(Products.AUTO.here(true)).isNotEqualTo(Products.AUTO);
    assertThat(Products.labelled("onednn")).isEqualTo(Products.ONEDNN);
    assertThatThrownBy(() -> Products.labelled("mkl"))
        .hasMessage("products must be auto, blas or onednn, was mkl");
  }
}
