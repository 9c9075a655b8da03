package dev.tale.onnx.text;

import dev.tale.model.ModelFormatException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.BitSet;
import java.util.Deque;

/**
 * The map of characters of a SentencePiece model: a size, a double-array trie (Darts) and the texts
 * that its values point into, each ended by a zero.
 *
 * <p>Implementation note: the library reads the trie without looking at its bounds, so every step
 * that any text could take is tried here.
 *
 * @param base64 the map as the library wants it, padding included
 * @param longest bytes of the longest replacement
 */
record CharacterMap(String base64, int longest) {

  /** Reads a map in Base64. */
  static CharacterMap read(Part part) throws ModelFormatException {
    byte[] bytes = bytes(part);
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    long size = bytes.length < Integer.BYTES ? -1 : Integer.toUnsignedLong(buffer.getInt());
    if (size < Integer.BYTES || size > buffer.remaining()) {
      throw part.malformed("is cut off or has no trie");
    }
    int[] units = new int[(int) (size / Integer.BYTES)];
    buffer.asIntBuffer().get(units);
    byte[] texts = new byte[buffer.remaining() - units.length * Integer.BYTES];
    buffer.position(buffer.position() + units.length * Integer.BYTES).get(texts);
    checkText(part, texts);
    String base64 = Base64.getEncoder().encodeToString(bytes);
    return new CharacterMap(base64, new Walk(part, units, texts).longest());
  }

  private static byte[] bytes(Part part) throws ModelFormatException {
    try {
      return Base64.getDecoder().decode(part.text());
    } catch (IllegalArgumentException e) {
      throw part.malformed("is not Base64");
    }
  }

  private static void checkText(Part part, byte[] texts) throws ModelFormatException {
    try {
      CharBuffer unused = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(texts));
    } catch (CharacterCodingException e) {
      throw part.malformed("has replacements that are not UTF-8");
    }
  }

  /** Every way through the trie. */
  private static final class Walk {
    private final Part part;
    private final int[] units;
    private final byte[] texts;
    private final int[] ends;
    private final BitSet seen = new BitSet();
    private final Deque<Integer> open = new ArrayDeque<>();
    private int longest = 1;

    private Walk(Part part, int[] units, byte[] texts) {
      this.part = part;
      this.units = units;
      this.texts = texts;
      this.ends = ends(texts);
    }

    private static int[] ends(byte[] texts) {
      int[] ends = new int[texts.length + 1];
      ends[texts.length] = texts.length;
      for (int i = texts.length - 1; i >= 0; i--) {
        ends[i] = texts[i] == 0 ? i : ends[i + 1];
      }
      return ends;
    }

    int longest() throws ModelFormatException {
      visit(offset(unit(0)));
      while (!open.isEmpty()) {
        int base = open.pop();
        for (int label = 1; label < 256; label++) {
          int position = base ^ label;
          int unit = unit(position);
          // The sign bit marks a value, which is no label.
          if ((unit & 0x8000_00ff) == label) {
            follow(position ^ offset(unit), unit);
          }
        }
      }
      return longest;
    }

    private void follow(int base, int unit) throws ModelFormatException {
      if (((unit >>> 8) & 1) == 1) {
        replacement(unit(base) & Integer.MAX_VALUE);
      }
      visit(base);
    }

    private void visit(int base) throws ModelFormatException {
      if (base < 0 || base >= Integer.MAX_VALUE - 256) {
        throw outside();
      }
      if (!seen.get(base)) {
        seen.set(base);
        open.push(base);
      }
    }

    private int unit(int position) throws ModelFormatException {
      if (position < 0 || position >= units.length) {
        throw outside();
      }
      return units[position];
    }

    private static int offset(int unit) {
      return (unit >>> 10) << ((unit & (1 << 9)) >>> 6);
    }

    private void replacement(int index) throws ModelFormatException {
      if (index > texts.length || (index < texts.length && (texts[index] & 0xc0) == 0x80)) {
        throw part.malformed("has a value that is no replacement");
      }
      longest = Math.max(longest, ends[index] - index);
    }

    private ModelFormatException outside() {
      return part.malformed("has a trie that leads outside itself");
    }
  }
}
