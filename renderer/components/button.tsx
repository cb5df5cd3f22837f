import type { ComponentProps, ReactNode } from 'react';
import { cx } from './cx.ts';
import { Icon } from './icon.tsx';
import type { IconName } from './icon.tsx';
import styles from './button.module.css';

interface ButtonProps extends Omit<ComponentProps<'button'>, 'type'> {
  readonly look?: 'primary' | 'danger' | 'plain' | 'quiet';
  readonly big?: boolean;
  readonly icon?: IconName;
  readonly keys?: string;
  readonly busy?: boolean;
  readonly submit?: boolean;
  readonly 'data-testid'?: string;
}

/** A button: 44 px high, with an optional icon and the key that does the same. */
export function Button({
  look = 'plain',
  big = false,
  icon,
  keys,
  busy = false,
  submit = false,
  className,
  onClick,
  children,
  ...rest
}: ButtonProps): ReactNode {
  return (
    <button
      {...rest}
      type={submit ? 'submit' : 'button'}
      // Busy is not disabled: the focus stays here, and with it Escape and everything else by keyboard.
      aria-disabled={busy || undefined}
      aria-busy={busy || undefined}
      onClick={busy ? (event) => event.preventDefault() : onClick}
      className={cx(styles['button'], styles[look], big && styles['big'], className)}
    >
      {icon && <Icon name={icon} size={big ? 24 : 20} />}
      <span>{children}</span>
      {keys && <Keys>{keys}</Keys>}
    </button>
  );
}

/** The key of a field or a button, as it is on the keyboard. */
export function Keys({ children }: { readonly children: ReactNode }): ReactNode {
  return <kbd className={styles['keys']}>{children}</kbd>;
}
