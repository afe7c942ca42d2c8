import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { careClassesOf } from '#libs/coverage';
import type { CareClassChanged } from '#libs/trajectory';
import type { CommandResult } from '../command-result';
import { DossierContext } from '../context';
import { makeStatement, type StatementKind } from '../statements/make-statement';
import { ChangeCareClass } from './command';

const KIND: StatementKind<CareClassChanged> = {
  command: 'ChangeCareClass',
  checkForm: (input, refusals, today) => refusals.pastDate('from', input.from, today),
  checkRules({ from, class: careClass }, refusals, trajectory, book) {
    const condition = trajectory.conditionOn(from);
    const classes = condition === null ? [] : careClassesOf(book, condition, from);
    if (classes.length === 0)
      refusals.add(
        'condition-without-classes',
        'class',
        'on that day the condition of this trajectory has no classes of severity; check code, regime and day',
      );
    else if (!classes.includes(careClass))
      refusals.add('class-unknown', 'class', `the condition has no such class on that day; give one of ${classes.join(', ')}`);
  },
  event: (evidence, { from, class: careClass }) => ({
    type: 'CareClassChanged.v1',
    data: { ...evidence, from, class: careClass },
  }),
};

@CommandHandler(ChangeCareClass)
export class ChangeCareClassHandler implements ICommandHandler<ChangeCareClass> {
  constructor(private readonly context: DossierContext) {}

  execute({ base, input }: ChangeCareClass): Promise<CommandResult> {
    return makeStatement(this.context, base, KIND, input);
  }
}
