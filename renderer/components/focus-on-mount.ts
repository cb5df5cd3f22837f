/** As a `ref`: the field or button that a dialog or a screen begins with. */
export function focusOnMount(element: HTMLElement | null): void {
  element?.focus();
}
