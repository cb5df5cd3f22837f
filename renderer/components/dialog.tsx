import type { ReactNode } from 'react';
import { Dialog, Heading, Modal, ModalOverlay } from 'react-aria-components';
import { useWords } from '../i18n/words.ts';
import { Button } from './button.tsx';
import { cx } from './cx.ts';
import styles from './dialog.module.css';

interface SheetProps {
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
  /** What stands at the foot, always in sight. */
  readonly actions?: ReactNode;
  readonly side?: boolean;
  readonly alert?: boolean;
  readonly 'data-testid'?: string;
}

/** A dialog in the middle, or a drawer at the side. Escape closes it; the focus stays inside and returns afterwards. */
export function Sheet({
  title,
  onClose,
  children,
  actions,
  side = false,
  alert = false,
  ...rest
}: SheetProps): ReactNode {
  const say = useWords();
  return (
    <ModalOverlay
      isOpen
      isDismissable={!alert}
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
      className={cx(styles['shade'], side && styles['atSide'])}
    >
      <Modal className={cx(styles['sheet'], side ? styles['drawer'] : styles['middle'])}>
        <Dialog
          role={alert ? 'alertdialog' : 'dialog'}
          className={styles['dialog'] ?? ''}
          data-testid={rest['data-testid']}
        >
          <header className={styles['head']}>
            <Heading slot="title" level={2}>
              {title}
            </Heading>
            <Button look="quiet" icon="cross" onClick={onClose} keys="Esc">
              {say('close')}
            </Button>
          </header>
          {/* What scrolls is reached by keyboard, so that a long list is read without a mouse. */}
          {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
          <div className={styles['body']} tabIndex={0}>
            {children}
          </div>
          {actions && <footer className={styles['foot']}>{actions}</footer>}
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}
