// Runs in the page: what is cut off or covered, and every text that can be read there.
globalThis.eye = {
  layoutFaults() {
    const found = [];
    const name = (element) =>
      `<${element.tagName.toLowerCase()}> “${(element.textContent ?? '').trim().slice(0, 60)}”`;
    const isShown = (element) =>
      element.checkVisibility({ opacityProperty: true, visibilityProperty: true }) &&
      element.closest('[data-tabster-dummy], [aria-hidden="true"], svg') === null;
    if (document.documentElement.scrollWidth > innerWidth)
      found.push(`the page is ${document.documentElement.scrollWidth} wide`);
    for (const element of document.body.querySelectorAll('*')) {
      if (!isShown(element)) continue;
      const box = element.getBoundingClientRect();
      // One pixel square: for screen readers alone.
      if (box.width <= 1 || box.height <= 1) continue;
      const hasText = [...element.childNodes].some(
        (node) => node.nodeType === Node.TEXT_NODE && (node.textContent ?? '').trim() !== '',
      );
      if (!hasText) continue;
      const scroller = element.closest('[data-scrolls]');
      if (box.right > innerWidth + 1 && scroller === null) found.push(`out of the window: ${name(element)}`);
      const { overflowX, textOverflow } = getComputedStyle(element);
      const isCut = ['hidden', 'clip'].includes(overflowX) && element.scrollWidth > element.clientWidth + 1;
      const isTold = textOverflow === 'ellipsis' && element.closest('[title], [aria-label]') !== null;
      if (isCut && !isTold) found.push(`cut off: ${name(element)}`);
    }
    const targets = [
      ...document.body.querySelectorAll('button, a[href], input, select, textarea, h1, h2'),
    ].filter(isShown);
    for (const [at, one] of targets.entries())
      for (const other of targets.slice(at + 1)) {
        if (one.contains(other) || other.contains(one)) continue;
        const [a, b] = [one.getBoundingClientRect(), other.getBoundingClientRect()];
        const width = Math.min(a.right, b.right) - Math.max(a.left, b.left);
        const height = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
        if (width > 2 && height > 2) found.push(`on top of each other: ${name(one)} and ${name(other)}`);
      }
    return found;
  },

  texts() {
    const texts = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
      if (node instanceof Element) {
        for (const attribute of ['aria-label', 'title', 'placeholder'])
          texts.push(node.getAttribute(attribute) ?? '');
      } else if (node.parentElement?.closest('pre, code, script, style, [translate="no"]') === null)
        texts.push((node.textContent ?? '').trim());
    }
    return texts.filter((text) => text !== '');
  },
};
