import { useState } from 'react';
import type { ReactNode } from 'react';
import type { CaptureDeviceView } from '../../../shared/contract/capture.ts';
import { Button } from '../../components/button.tsx';
import { Sheet } from '../../components/dialog.tsx';
import { Field } from '../../components/field.tsx';
import { Icon } from '../../components/icon.tsx';
import { Note, Trouble } from '../../components/note.tsx';
import { useAct } from '../../data/use-call.ts';
import { useWords } from '../../i18n/words.ts';
import { describedAs } from './camera.ts';
import styles from './device-card.module.css';

interface DeviceCardProps {
  readonly device: CaptureDeviceView;
  /** Whether there is another camera to change to. */
  readonly others: boolean;
  readonly onChange: () => void;
}

/** Which device this is: what goes into every picture's object as its equipment. */
export function DeviceCard({ device, others, onChange }: DeviceCardProps): ReactNode {
  const say = useWords();
  const [open, setOpen] = useState(false);
  const facts = [device.maker, device.model].filter(Boolean).join(' ');
  return (
    <section className={styles['card']} data-testid="capture-device">
      <Icon name="dermatoscope" size={32} />
      <div className={styles['words']}>
        <h2>{device.name ?? (facts || device.label)}</h2>
        {device.serial ? (
          <p>{say('medium.serial', { serial: device.serial })}</p>
        ) : (
          <p className={styles['missing']}>{say('capture.device.incomplete')}</p>
        )}
      </div>
      <div className={styles['tools']}>
        <Button look="quiet" onClick={() => setOpen(true)} data-testid="capture-describe">
          {say('capture.device.describe')}
        </Button>
        {others && (
          <Button look="quiet" onClick={onChange} data-testid="capture-change">
            {say('capture.device.change')}
          </Button>
        )}
      </div>
      {open && <DescribeDialog device={device} onClose={() => setOpen(false)} />}
    </section>
  );
}

function DescribeDialog({
  device,
  onClose,
}: {
  readonly device: CaptureDeviceView;
  readonly onClose: () => void;
}): ReactNode {
  const say = useWords();
  const [maker, setMaker] = useState(device.maker ?? '');
  const [model, setModel] = useState(device.model ?? '');
  const [serial, setSerial] = useState(device.serial ?? '');
  const describe = useAct('capture.describe');
  const save = (): void =>
    describe.mutate(
      { mediumId: device.mediumId, maker, model, serial },
      {
        onSuccess: (described) => {
          describedAs(described);
          onClose();
        },
      },
    );
  return (
    <Sheet
      title={say('capture.device.title')}
      onClose={onClose}
      data-testid="describe-dialog"
      actions={
        <Button look="primary" big icon="check" busy={describe.isPending} onClick={save} data-testid="describe-save">
          {say('capture.device.save')}
        </Button>
      }
    >
      <div className={styles['fields']}>
        <Note tone="plain">{say('capture.device.text')}</Note>
        {describe.isError && <Trouble error={describe.error} />}
        <Field
          label={say('capture.device.maker')}
          value={maker}
          maxLength={64}
          onChange={setMaker}
          data-testid="describe-maker"
        />
        <Field
          label={say('capture.device.model')}
          value={model}
          maxLength={64}
          onChange={setModel}
          data-testid="describe-model"
        />
        <Field
          label={say('capture.device.serial')}
          value={serial}
          maxLength={64}
          onChange={setSerial}
          data-testid="describe-serial"
        />
        <p className={styles['missing']}>{device.label}</p>
      </div>
    </Sheet>
  );
}
